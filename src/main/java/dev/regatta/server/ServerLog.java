package dev.regatta.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.regatta.run.Visible;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the server did, for whoever looks later: who came and was refused, what was started and how
 * it ended. No tokens are in it, and no command lines or outputs, which may hold some.
 */
final class ServerLog implements AutoCloseable {
  private static final long FILE_BYTES = 10L << 20;
  private static final int OLD_FILES = 4;
  private static final int LONGEST = 400;

  private final LoggerContext context = new LoggerContext();
  private final Optional<Logger> logger;
  private final UnaryOperator<String> redact;

  private ServerLog(Optional<Path> file, UnaryOperator<String> redact) {
    this.redact = redact;
    this.logger = file.map(this::opened);
  }

  /** One that keeps nothing. */
  static ServerLog none() {
    return new ServerLog(Optional.empty(), text -> text);
  }

  /**
   * One in a file, of which four older ones of 10 MiB are kept.
   *
   * @param redact takes out of a text what must not be kept
   */
  static ServerLog in(Path file, UnaryOperator<String> redact) {
    return new ServerLog(Optional.of(file), redact);
  }

  private Logger opened(Path file) {
    context.setMDCAdapter(new LogbackMDCAdapter()); // without one each line fails
    PatternLayoutEncoder lines = new PatternLayoutEncoder();
    lines.setContext(context);
    lines.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %msg%n%nopex");
    lines.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(lines);
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(OLD_FILES);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES));
    size.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(size);
    appender.start();
    Logger opened = context.getLogger("server");
    opened.setLevel(Level.INFO);
    opened.addAppender(appender);
    return opened;
  }

  /** Something that is as it should be. */
  void info(String words) {
    logger.ifPresent(each -> each.info(line(words)));
  }

  /** Somebody was not let in, or something was not done. */
  void warn(String words) {
    logger.ifPresent(each -> each.warn(line(words)));
  }

  /** Something failed that should not. */
  void error(String words, Throwable cause) {
    logger.ifPresent(each -> each.error(line(words + ": " + cause)));
  }

  /** Who calls chooses paths and ids: none of them may begin a line, or be a page long. */
  private String line(String words) {
    return Visible.line(redact.apply(words), LONGEST);
  }

  @Override
  public void close() {
    context.stop();
  }
}
