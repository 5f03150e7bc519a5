package dev.regatta.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;

/**
 * Whether the model server of a rehearsal could listen: on any free port, so none is in the way of
 * it, but a sandbox may allow none at all.
 *
 * @param address where it listens
 */
record PortCheck(InetAddress address) implements Check {

  @Override
  public String id() {
    return "port";
  }

  @Override
  public List<Finding> findings() {
    String where = address.getHostAddress();
    try (ServerSocket socket = new ServerSocket(0, 1, address)) {
      return List.of(Diagnosis.PORT_FREE.says("there is a free one on " + where));
    } catch (IOException e) {
      return List.of(
          Diagnosis.PORT_REFUSED.says(
              "none can be had on " + where + ": " + Plain.line(String.valueOf(e.getMessage()))));
    }
  }
}
