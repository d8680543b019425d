package postern.bench;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What another JVM has allocated on its heap since it started. The first look loads its management agent:
/// memory is to be measured before.
final class Allocations {
    private Allocations() {}

    static long bytes(long process) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(process));
            String agent = machine.startLocalManagementAgent();
            machine.detach();
            try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(agent))) {
                MBeanServerConnection beans = connector.getMBeanServerConnection();
                ObjectName threads = new ObjectName("java.lang:type=Threading");
                return (Long) beans.getAttribute(threads, "TotalThreadAllocatedBytes");
            }
        } catch (AttachNotSupportedException | JMException e) {
            throw new IOException("process " + process + " does not tell: " + e.getMessage(), e);
        }
    }
}
