# Makes the class-data archive of a role ($1) in the build $POSTERN_BUILD, by running the demo once on its class path:
# start is faster and memory smaller with it. The flags that shape objects must be those of ./postern.
set -eu
role=$1
case $role in
private)
    demo="demo --quiet" more="-Xmx512m --enable-native-access=ALL-UNNAMED"
    native=$PWD/$POSTERN_BUILD/native
    [ ! -r "$native/libzstd-jni.so" ] || more="$more -DZstdNativePath=$native/libzstd-jni.so -Dorg.sqlite.lib.path=$native -Dorg.sqlite.lib.name=libsqlitejdbc.so"
    ;;
*) demo="demo --public" more=-Xmx96m ;;
esac
# shellcheck disable=SC2086
POSTERN_HOME=${POSTERN_HOME:-.} "$JAVA_HOME/bin/java" -XX:+UseSerialGC $more -XX:+UseCompactObjectHeaders -XX:MaxDirectMemorySize=24m \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Ddnsjava.nio.register_shutdown_hook=false \
    -Xlog:cds=off -Xlog:cds+dynamic=off -XX:ArchiveClassesAtExit="$POSTERN_BUILD/$role.jsa" \
    -cp "$(cat "$POSTERN_BUILD/$role.cp")" postern.Postern $demo >/dev/null
