package dev.regatta.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class PortCheckTest {
  @Test
  void whereOneCanListenTheServerOfARehearsalCanToo() throws IOException {
    assertThat(new PortCheck(InetAddress.getByName("127.0.0.1")).findings())
        .containsExactly(new Finding("port", Status.OK, "there is a free one on 127.0.0.1", null));
  }

  @Test
  void whereNobodyMayListenThatIsSaidAndWhatItIsNeededFor() throws IOException {
    // An address for documents, which no machine has.
    Finding finding = new PortCheck(InetAddress.getByName("192.0.2.1")).findings().getFirst();
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.found()).startsWith("none can be had on 192.0.2.1: ");
    assertThat(finding.fix()).contains("only rehearsals need it");
  }
}
