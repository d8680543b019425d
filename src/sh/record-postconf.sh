# What `postconf -d` of Debian's Postfix prints, into the golden file $1: names and defaults, without what the
# machine decides.
set -eu
package=$(dpkg-query -W -f '${Version}' postfix)
machine='config_directory|mydomain|myhostname|mynetworks|process_id|process_name'
{
    echo "# postconf -d of Debian's postfix $package with its stock master.cf; values that the machine decides are <machine>"
    postconf -d | sed -E "s/^($machine) = .*/\\1 = <machine>/"
} >"$1.new"
mv "$1.new" "$1"
