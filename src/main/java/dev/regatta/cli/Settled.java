package dev.regatta.cli;

import dev.regatta.journal.Event;
import dev.regatta.journal.JournalBroken;
import dev.regatta.journal.JournalReader;
import dev.regatta.run.AbandonedRuns;
import dev.regatta.run.LiveRuns;
import dev.regatta.run.RunFolder;
import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Rows of runs whose end the index never learnt, for example because its disk was full: without an
 * orchestrator nothing runs, so their journals say what became of them.
 */
final class Settled {
  private final Context context;
  private final Store store;
  private final LiveRuns live;

  Settled(Context context, RegattaHome home, Store store) {
    this.context = context;
    this.store = store;
    this.live = new LiveRuns(home.path());
  }

  /** The row as it is true now; what was not known is kept for the next time. */
  RunRow row(RunRow listed) {
    if (!listed.status().equals("running") || live.has(listed.id())) {
      return listed;
    }
    // A run that ends well tells the index before it gives up its claim, so maybe just now.
    RunRow last = store.run(listed.id()).orElse(listed);
    return last.status().equals("running") ? fromJournal(last) : last;
  }

  private RunRow fromJournal(RunRow listed) {
    List<Event> events = events(listed.folder().resolve(RunFolder.JOURNAL));
    if (ShowCommand.alive(events)) {
      return listed; // a proof has no claim while it writes its report
    }
    String status = AbandonedRuns.LOST;
    if (!events.isEmpty() && events.getLast() instanceof Event.RunEnded end) {
      status = end.status();
    }
    LostCount count = LostCount.of(events);
    RunRow settled = listed.ended(Instant.now(), status, count.tasks(), count.succeeded());
    if (!events.isEmpty()) { // else it may be one that is about to make its journal
      keep(settled);
    }
    return settled;
  }

  private void keep(RunRow settled) {
    try {
      store.put(settled);
    } catch (Store.StoreProblem e) {
      context.err().println("regatta: " + e.getMessage());
    }
  }

  private List<Event> events(Path journal) {
    if (!Files.isRegularFile(journal)) {
      return List.of(); // somebody removed it
    }
    try {
      return JournalReader.read(journal).events();
    } catch (JournalBroken e) {
      context.err().println("regatta: " + e.getMessage());
      return List.of();
    }
  }
}
