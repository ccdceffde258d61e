#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# What "make install" puts in place, and "make uninstall" takes away; the module's source as it is
# installed can be built the way DKMS does it.
. "$(dirname "$0")/../lib/tap.sh"
[ -x "$IMCTL" ] || skip_all "no build/imctl"
scratch
root=$SCRATCH/root
version=$(cat VERSION)

# imctl is not made anew: what is built is what the other tests run.
check "install" make -o imctl DESTDIR="$root" install
for file in usr/sbin/imctl usr/share/man/man8/imctl.8 usr/share/man/man5/imtc-policy.5 \
	usr/share/bash-completion/completions/imctl usr/share/imtc/signatures/public.conf \
	usr/share/doc/imtc/examples/policy.conf etc/imtc/policy.conf etc/imtc/signatures.d etc/imtc/trusted.d \
	usr/lib/systemd/system/imtc.service "usr/src/imtc-$version/dkms.conf"; do
	check "/$file is there" test -e "$root/$file"
done
unlike "$(grep -v '^#' "$root/etc/imtc/policy.conf")" 'process|drop|reject|redirect' \
	"the policy that comes with it needs no module and stops nothing"
check "it is good" "$root/usr/sbin/imctl" policy check "$root/etc/imtc/policy.conf"
for file in "$root"/usr/share/imtc/signatures/*.conf; do
	check "so is ${file##*/}" "$root/usr/sbin/imctl" signatures check "$file"
done

unit=$root/usr/lib/systemd/system/imtc.service
like "$(cat "$unit")" '^ExecStart=/usr/sbin/imctl restore$' "the unit starts what is installed"
if command -v systemd-analyze >/dev/null; then
	# What it starts is looked for on this host: name the one that was built.
	sed "s|/usr/sbin/imctl|$(realpath "$IMCTL")|; /^Documentation/d" "$unit" > "$SCRATCH/imtc.service"
	is "$(systemd-analyze verify "$SCRATCH/imtc.service" 2>&1 | grep -F imtc.service)" "" "systemd takes the unit"
else
	skip "systemd takes the unit" "no systemd-analyze"
fi

# --- DKMS: it copies the source, reads dkms.conf and evaluates what that says -------------------
kernel_source_dir=$(realpath build/kernels/6.1/headers 2>/dev/null)
dkms_tree=$SCRATCH/dkms
build=$dkms_tree/imtc/$version/build
dkms_build() {
	mkdir -p "${build%/build}"
	cp -r "$root/usr/src/imtc-$version" "$build"
	eval "${MAKE[0]}"
}
if [ -d "$kernel_source_dir" ]; then
	# shellcheck disable=SC1090 # made by make install
	. "$root/usr/src/imtc-$version/dkms.conf"
	is "$PACKAGE_NAME $PACKAGE_VERSION" "imtc $version" "dkms.conf names it"
	check "DKMS can build it" dkms_build
	like "$(readelf -SW "$build/imtc.ko" 2>&1)" ' \.BTF ' "with the BTF that kfuncs need"
else
	skip "DKMS can build it" "no headers: scripts/fetch-kernel 6.1"
fi

# --- again, and away ----------------------------------------------------------------------------
echo '# mine' > "$root/etc/imtc/policy.conf"
check "install again" make -o imctl DESTDIR="$root" install
is "$(cat "$root/etc/imtc/policy.conf")" "# mine" "a policy that is there stays as it is"
check "uninstall" make DESTDIR="$root" uninstall
is "$(cd "$root" && find . -type f)" "./etc/imtc/policy.conf" "and that policy alone is left"
done_testing
