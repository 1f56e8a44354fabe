#!/bin/sh
# Unpacks the MySQL server of Debian's unstable release into the folder of argument 1, with its libraries and their loader: `bin/mysqld`
# there runs on other releases too, and beside MariaDB. The folder is then a value of MYSQL_SERVER.
set -eu
mkdir -p "$1/bin"
folder=$(cd "$1" && pwd)
apt=$(mktemp -d)
trap 'rm -rf "$apt"' EXIT

mkdir -p "$apt/lists/partial" "$apt/archives/partial"
: >"$apt/status"
# The mirror of this system.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v -- -security | head -n 1)
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror:?This system has no mirror.} sid main" >"$apt/sources.list"
apt_get() {
  apt-get -qq -o Dir::State="$apt" -o Dir::State::status="$apt/status" -o Dir::Cache="$apt" -o Dir::Etc::sourcelist="$apt/sources.list" \
    -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Sandbox::User=root "$@"
}
apt_get update
apt_get install -y --no-install-recommends --download-only mysql-server-core

for package in "$apt"/archives/mysql-server-core_*.deb "$apt"/archives/lib*.deb "$apt"/archives/zlib1g_*.deb; do
  dpkg-deb -x "$package" "$folder"
done
rm -rf "$folder/usr/share/doc" "$folder/usr/share/locale" "$folder/usr/share/man"

cat >"$folder/bin/mysqld" <<'END'
#!/bin/sh
usr=$(dirname "$(dirname "$(readlink -f "$0")")")/usr
for loader in "$usr"/lib/*/ld-linux*.so.*; do break; done
exec "$loader" --library-path "$(dirname "$loader")" "$usr/sbin/mysqld" "$@" --basedir="$usr" --plugin-dir="$usr/lib/mysql/plugin" \
  --lc-messages-dir="$usr/share/mysql" --character-sets-dir="$usr/share/mysql/charsets"
END
chmod 755 "$folder/bin/mysqld"
