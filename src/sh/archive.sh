# Makes the class-data archive of a role ($1) in the build $POSTERN_BUILD, by running the demo once on its class path:
# start is faster and memory smaller with it. The flags that shape objects must be those of ./postern.
set -eu
role=$1
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx96m -XX:+UseCompactObjectHeaders -XX:MaxDirectMemorySize=24m \
    -Xlog:cds=off -Xlog:cds+dynamic=off -XX:ArchiveClassesAtExit="$POSTERN_BUILD/$role.jsa" \
    -cp "$(cat "$POSTERN_BUILD/$role.cp")" postern.Postern demo --quiet >/dev/null
