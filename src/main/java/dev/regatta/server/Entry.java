package dev.regatta.server;

import java.nio.charset.StandardCharsets;

/**
 * A notification of an execution, as it is kept and sent.
 *
 * @param index its place among all of the execution, from 0
 * @param sequence the number of an output, from 1; of another, that of the last output before it
 * @param output whether it is an output, or said of that one alone
 * @param json the message in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Entry(long index, long sequence, boolean output, byte[] json) {
  /** What one costs in memory beside its text, about. */
  private static final int OVERHEAD = 64;

  String text() {
    return new String(json, StandardCharsets.UTF_8);
  }

  int bytes() {
    return json.length + OVERHEAD;
  }

  /** Whether it lies before what a reader asked for who has all outputs up to another one. */
  boolean before(long from) {
    return sequence < (output ? from : from - 1);
  }
}
