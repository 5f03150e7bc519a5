package dev.regatta.store;

import java.nio.file.Path;
import java.time.Instant;

/** Puts so many runs into a store, in a process of its own, and says each that is in it. */
final class StoreProgram {
  private StoreProgram() {}

  public static void main(String[] arguments) {
    RegattaHome home = RegattaHome.open(Path.of(arguments[0]));
    int count = Integer.parseInt(arguments[2]);
    try (Store store = Store.open(home)) {
      for (int i = 1; i <= count; i++) {
        store.put(StoreTest.row(arguments[1] + "-" + i, Instant.EPOCH.plusSeconds(i)));
        System.out.println(i);
        System.out.flush();
      }
    }
  }
}
