#!/bin/sh
# Builds $1/build/<hash> with javac alone and makes it the current build. A running server keeps the build it was started
# from; the last two stay.
set -eu
home=$1
cd "$home"
. ./src/sh/jdk.sh
JAVA_HOME=$(find_jdk)
export JAVA_HOME
export MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
command -v mvn >/dev/null || { echo "postern: Maven is missing; on Debian: apt-get install maven" >&2; exit 1; }
mkdir -p build

exec 9>build/.lock
flock 9
# Somebody else may have built while we waited.
if [ -e build/current/.stamp ] && [ -z "$(find pom.xml src/main src/sh -newer build/current/.stamp -print -quit)" ]; then
    exit 0
fi

hash=$(find pom.xml src/main src/sh -type f -print0 | sort -z | xargs -0 cat | sha256sum | cut -c1-16)
target=build/$hash
echo "postern: building" >&2
rm -rf "$target"
mkdir -p "$target/lib"
touch "$target/.stamp"

# Libraries without their versions, as the .libs files name them.
mvn -B -q package dependency:copy-dependencies -DskipTests -Dmaven.test.skip=true -DincludeScope=runtime \
    -Dmdep.stripVersion=true -DoutputDirectory="$home/$target/lib" >&2
cp target/postern.jar "$target/postern.jar"

for role in public private; do
    [ -r "src/main/$role.libs" ] || continue
    cp "src/main/$role.libs" "$target/$role.libs"
    path=$home/$target/postern.jar
    while read -r jar; do
        case $jar in '' | '#'*) continue ;; esac
        [ -r "$target/lib/$jar" ] || { echo "postern: $role.libs names $jar, which pom.xml does not bring" >&2; exit 1; }
        path=$path:$home/$target/lib/$jar
    done <"$target/$role.libs"
    echo "$path" >"$target/$role.cp"
done

# Native libraries for this machine, unpacked once: else each start would unpack them into a temporary directory.
case $(uname -m) in x86_64) zstd=amd64 ;; *) zstd=$(uname -m) ;; esac
libc=Linux
[ ! -e "/lib/ld-musl-$(uname -m).so.1" ] || libc=Linux-Musl
mkdir "$target/native"
(
    cd "$target/native"
    "$JAVA_HOME/bin/jar" xf ../lib/sqlite-jdbc.jar "org/sqlite/native/$libc/$(uname -m)/libsqlitejdbc.so"
    "$JAVA_HOME/bin/jar" xf ../lib/zstd-jni.jar "linux/$zstd"
    mv "org/sqlite/native/$libc/$(uname -m)/libsqlitejdbc.so" .
    mv "linux/$zstd"/libzstd-jni-*.so libzstd-jni.so
    rm -r org linux
) || rm -rf "$target/native"

# Class-data archives, made in place by starting each role once.
for role in public private; do
    POSTERN_BUILD=$target sh src/sh/archive.sh "$role" || echo "postern: no class-data archive for $role: it starts more slowly" >&2
done

ln -sfn "$hash" build/current.new
mv -T build/current.new build/current

# All but the last two builds go.
ls -dt build/????????????????/ 2>/dev/null | tail -n +3 | while read -r old; do rm -rf "$old"; done
