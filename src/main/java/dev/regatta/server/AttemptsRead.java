package dev.regatta.server;

import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The attempts of the runs that were asked for last, so that of a journal only what is new is read:
 * one of 100,000 events was measured to take more than four seconds each time. Where memory is
 * short they are forgotten, and read anew.
 */
final class AttemptsRead {
  private static final int KEPT = 8;

  private final UnaryOperator<String> redact;
  private final Map<Path, SoftReference<Attempts>> kept = new LinkedHashMap<>(16, 0.75f, true);

  AttemptsRead(UnaryOperator<String> redact) {
    this.redact = redact;
  }

  /**
   * The attempts of a run as they are now.
   *
   * @throws dev.regatta.journal.JournalBroken if the journal can't be read
   */
  Attempts of(Path journal) {
    return known(journal).catchUp();
  }

  private synchronized Attempts known(Path journal) {
    SoftReference<Attempts> there = kept.get(journal);
    Attempts attempts = there == null ? null : there.get();
    if (attempts == null) {
      attempts = new Attempts(journal, redact);
      kept.put(journal, new SoftReference<>(attempts));
      if (kept.size() > KEPT) {
        kept.remove(kept.keySet().iterator().next()); // the one that was not asked for longest
      }
    }
    return attempts;
  }
}
