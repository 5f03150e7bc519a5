package dev.regatta.agent;

import dev.regatta.process.Channel;
import java.util.List;

/** The reading of one attempt's output. Not safe for several threads. Throws on no input. */
public interface Reading {

  /**
   * Takes in one line.
   *
   * @param channel where it came from
   * @param line the line without its end
   * @param cut whether it was longer than the bound, so that its end is missing
   * @param nanos monotonic reading of its arrival
   * @return what it says that matters while the attempt still runs
   */
  List<Sign> line(Channel channel, String line, boolean cut, long nanos);

  /** Decides how the attempt ended. Called once, after the last line. */
  Conclusion conclude(Ending ending);
}
