package dev.regatta.stress;

/** Which model API the agents of a suite are led to. */
public sealed interface Endpoint {
  /** The built-in model server: everything is real but the model. */
  record Rehearsal(String url) implements Endpoint {}

  /** The providers' own addresses. */
  record Provider() implements Endpoint {}

  /**
   * Some other address than the provider's.
   *
   * @param variable the variable of the environment that says so
   * @param url where it leads
   */
  record Elsewhere(String variable, String url) implements Endpoint {}

  /** The commands' environment is that of a server that was given, and is not known here. */
  record Unknown() implements Endpoint {}

  /** Whether nothing that was seen shows what a real model does. */
  default boolean rehearsal() {
    return this instanceof Rehearsal;
  }
}
