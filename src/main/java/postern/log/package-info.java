/// # log - Postfix's log lines
///
/// [postern.log.MailLog] takes one line per event in Postfix's format and names (`postfix/smtpd[pid]: …`),
/// because pflogsumm, fail2ban and people read that. It takes plain values; it knows no mail types.
///
/// State: the lines not yet written, owned by the one writer thread, which takes all that waits and writes it
/// once. No line is dropped: when the disk is slower than the callers, the callers wait.
@NullMarked
package postern.log;

import org.jspecify.annotations.NullMarked;
