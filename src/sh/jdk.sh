# Finds a JDK 25 without starting a JVM: $JAVA_HOME, then the java on PATH, then Debian's /usr/lib/jvm.

# Whether the directory $1 holds a JDK (with javac) of version 25 or later.
is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ -n "$major" ] && [ "$major" -ge 25 ]
}

# Prints the home of a JDK 25; says how to get one when there is none.
find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && is_jdk_25 "$JAVA_HOME"; then
        echo "$JAVA_HOME"
        return
    fi
    on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
    if [ -n "${on_path:-}" ] && is_jdk_25 "$on_path"; then
        echo "$on_path"
        return
    fi
    for home in /usr/lib/jvm/*; do
        if is_jdk_25 "$home"; then
            echo "$home"
            return
        fi
    done
    echo "postern: no JDK 25 found; install one (Debian: apt-get install openjdk-25-jdk-headless, or temurin-25-jdk) or set JAVA_HOME" >&2
    return 1
}
