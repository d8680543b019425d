package postern.config;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The services of Debian's master.cf, those it has in comments for postscreen included.
final class StockMasterCf {
    /// Where these services say they come from.
    static final String ORIGIN = "default";

    private static final String TEXT = """
            smtp      inet  n - y - - smtpd
            smtpd     pass  - - y - - smtpd
            dnsblog   unix  - - y - 0 dnsblog
            tlsproxy  unix  - - y - 0 tlsproxy
            pickup    unix  n - y 60 1 pickup
            pickup    fifo  n - y 60 1 pickup
            cleanup   unix  n - y - 0 cleanup
            qmgr      unix  n - n 300 1 qmgr
            qmgr      fifo  n - n 300 1 qmgr
            tlsmgr    unix  - - y 1000? 1 tlsmgr
            rewrite   unix  - - y - - trivial-rewrite
            bounce    unix  - - y - 0 bounce
            defer     unix  - - y - 0 bounce
            trace     unix  - - y - 0 bounce
            verify    unix  - - y - 1 verify
            flush     unix  n - y 1000? 0 flush
            proxymap  unix  - - n - - proxymap
            proxywrite unix - - n - 1 proxymap
            smtp      unix  - - y - - smtp
            relay     unix  - - y - - smtp
              -o syslog_name=postfix/$service_name
            showq     unix  n - y - - showq
            error     unix  - - y - - error
            retry     unix  - - y - - error
            discard   unix  - - y - - discard
            local     unix  - n n - - local
            virtual   unix  - n n - - virtual
            lmtp      unix  - - y - - lmtp
            anvil     unix  - - y - 1 anvil
            scache    unix  - - y - 1 scache
            postlog   unix-dgram n - n - 1 postlogd
            maildrop  unix  - n n - - pipe
              flags=DRXhu user=vmail argv=/usr/bin/maildrop -d ${recipient}
            uucp      unix  - n n - - pipe
              flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail ($recipient)
            ifmail    unix  - n n - - pipe
              flags=F user=ftn argv=/usr/lib/ifmail/ifmail -r $nexthop ($recipient)
            bsmtp     unix  - n n - - pipe
              flags=Fq. user=bsmtp argv=/usr/lib/bsmtp/bsmtp -t$nexthop -f$sender $recipient
            scalemail-backend unix - n n - 2 pipe
              flags=R user=scalemail argv=/usr/lib/scalemail/bin/scalemail-store ${nexthop} ${user} ${extension}
            mailman   unix  - n n - - pipe
              flags=FRX user=list argv=/usr/lib/mailman/bin/postfix-to-mailman.py ${nexthop} ${user}
            """;

    private StockMasterCf() {}

    static List<MasterService> services() {
        return LogicalLines.of("master.cf of Debian", TEXT.getBytes(StandardCharsets.UTF_8)).lines().stream()
                .map(line -> MasterService.parse(line.text(), ORIGIN))
                .toList();
    }
}
