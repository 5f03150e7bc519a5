package dev.regatta.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The folder in which the {@code gemini} CLI looks for its settings: a key of the environment and
 * nothing else to log in with, nothing told to its maker, and no chat deleted.
 */
final class GeminiHome {
  /** Without the type of the login the CLI refuses to start where nobody can choose one. */
  static final String SETTINGS =
      """
      {
        "security": {
          "auth": {"selectedType": "gemini-api-key"},
          "folderTrust": {"enabled": false}
        },
        "general": {
          "enableAutoUpdate": false,
          "enableAutoUpdateNotification": false,
          "sessionRetention": {"enabled": false}
        },
        "privacy": {"usageStatisticsEnabled": false},
        "telemetry": {"enabled": false},
        "advanced": {"ignoreLocalEnv": true},
        "tools": {"shell": {"enableInteractiveShell": false}}
      }
      """;

  private GeminiHome() {}

  /**
   * Writes the settings where they are not, whole or not at all: attempts that use one credential
   * share the folder. Files of variables that an agent left there for later ones are taken away.
   *
   * @throws UncheckedIOException if they can't be written, or such a file not be taken away
   */
  static void prepare(Path home) {
    Path folder = home.resolve(".gemini");
    Path settings = folder.resolve("settings.json");
    try {
      forget(home.resolve(".env"));
      forget(folder.resolve(".env"));
      if (Files.exists(settings) && Files.readString(settings).equals(SETTINGS)) {
        return;
      }
      Files.createDirectories(folder);
      Path written = Files.createTempFile(folder, "settings", ".new");
      Files.writeString(written, SETTINGS);
      Files.move(
          written, settings, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("the settings of gemini can't be written: " + settings, e);
    }
  }

  /** The CLI takes variables that are not set from such a file; it can't read a folder as one. */
  private static void forget(Path variables) throws IOException {
    if (!Files.isDirectory(variables, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(variables);
    }
  }
}
