package dev.regatta.server;

/** A request that can't be carried out: what the protocol's error says. */
final class ProtocolError extends Exception {
  private static final long serialVersionUID = 1L;

  /** Of the codes the first five are JSON-RPC's, the others the protocol's and ours. */
  enum Code {
    PARSE(-32700),
    INVALID_REQUEST(-32600),
    UNKNOWN_METHOD(-32601),
    INVALID_PARAMS(-32602),
    INTERNAL(-32603),
    NOT_ALLOWED(-32001),
    NOT_FOUND(-32002),
    SESSION_LIMIT(-32003),
    /** Ours: so many processes run that no other is started. */
    RUNNING_LIMIT(-32005),
    /** Ours: so many messages came that this one is not carried out. */
    RATE_LIMIT(-32006);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  private final Code code;

  ProtocolError(Code code, String message) {
    super(message);
    this.code = code;
  }

  Code code() {
    return code;
  }

  static ProtocolError params(String message) {
    return new ProtocolError(Code.INVALID_PARAMS, message);
  }
}
