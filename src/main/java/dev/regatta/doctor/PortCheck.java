package dev.regatta.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;

/** Whether the server could listen on a port of this machine. */
record PortCheck(int port) implements Check {

  @Override
  public String id() {
    return "port." + port;
  }

  @Override
  public List<Finding> findings() {
    Map<String, String> words = Map.of("port", Integer.toString(port));
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return List.of(Diagnosis.PORT_FREE.about(words, "free"));
    } catch (IOException e) {
      String why = Plain.line(String.valueOf(e.getMessage()));
      // Java has one exception for both, and the system's words to tell them apart.
      return List.of(
          why.contains("in use")
              ? Diagnosis.PORT_TAKEN.about(
                  words, "taken by " + PortHolder.of(port).orElse("a program that is not shown"))
              : Diagnosis.PORT_REFUSED.about(words, "cannot be used: " + why));
    }
  }
}
