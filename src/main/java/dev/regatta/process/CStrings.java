package dev.regatta.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Texts as the C library takes them. */
final class CStrings {
  private CStrings() {}

  /**
   * The array of C strings that execve(2) takes. All strings lie in one block that is copied at
   * once: string by string, an ordinary environment was the costliest part of a start.
   *
   * @param strings without a zero byte
   */
  static MemorySegment vector(List<byte[]> strings, Arena call) {
    ByteArrayOutputStream block = new ByteArrayOutputStream(4096);
    long[] starts = new long[strings.size()];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = block.size();
      block.writeBytes(strings.get(i));
      block.write(0);
    }
    MemorySegment texts = call.allocate(Math.max(1, block.size()));
    MemorySegment.copy(block.toByteArray(), 0, texts, JAVA_BYTE, 0, block.size());
    MemorySegment vector = call.allocate(ADDRESS, starts.length + 1L);
    for (int i = 0; i < starts.length; i++) {
      vector.setAtIndex(ADDRESS, i, texts.asSlice(starts[i]));
    }
    vector.setAtIndex(ADDRESS, starts.length, MemorySegment.NULL);
    return vector;
  }
}
