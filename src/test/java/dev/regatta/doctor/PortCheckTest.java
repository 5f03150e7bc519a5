package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PortCheckTest {
  @Test
  void aFreePortIsFreeAfterwardsToo() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Finding free = new Finding("port." + port, Status.OK, "free", null);
    assertThat(new PortCheck(port).findings()).containsExactly(free);
    assertThat(new PortCheck(port).findings()).containsExactly(free);
  }

  @Test
  void whoHoldsATakenPortIsNamed() throws IOException {
    assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")));
    for (String address : new String[] {"127.0.0.1", "0.0.0.0"}) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
        Finding finding = new PortCheck(socket.getLocalPort()).findings().getFirst();
        assertThat(finding.status()).isEqualTo(Status.WARN);
        assertThat(finding.found())
            .isEqualTo("taken by process " + ProcessHandle.current().pid() + " (java)");
        assertThat(finding.fix()).contains("another port");
      }
    }
  }
}
