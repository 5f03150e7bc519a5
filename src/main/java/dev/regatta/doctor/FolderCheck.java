package dev.regatta.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the {@code .regatta} folder can be used, and how much room there is. */
record FolderCheck(Path home) implements Check {
  private static final long LOW_BYTES = 1L << 30;
  private static final long FULL_BYTES = 100L << 20;

  @Override
  public String id() {
    return "folder";
  }

  @Override
  public List<Finding> findings() {
    return List.of(disk(), folder());
  }

  private Finding disk() {
    Path place = nearest();
    try {
      return disk(place, Files.getFileStore(place).getUsableSpace());
    } catch (IOException e) {
      return Diagnosis.DISK_UNKNOWN.says(
          "the system does not say how much is free at " + Plain.line(place.toString()));
    }
  }

  static Finding disk(Path place, long free) {
    Diagnosis diagnosis =
        free < FULL_BYTES
            ? Diagnosis.DISK_FULL
            : free < LOW_BYTES ? Diagnosis.DISK_LOW : Diagnosis.DISK;
    return diagnosis.says(Bytes.words(free) + " free at " + Plain.line(place.toString()));
  }

  private Finding folder() {
    String shown = Plain.line(home.toString());
    if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
      Path above = nearest();
      return Files.isDirectory(above) && Files.isWritable(above)
          ? Diagnosis.FOLDER_NEW.says("no " + shown + " yet; the first run makes it")
          : Diagnosis.FOLDER_UNUSABLE.says(
              shown + " cannot be made: " + Plain.line(above.toString()) + " cannot be written");
    }
    if (!Files.isDirectory(home)) {
      return Diagnosis.FOLDER_UNUSABLE.says(shown + " is not a folder");
    }
    if (!Files.isWritable(home)) {
      return Diagnosis.FOLDER_UNUSABLE.says(shown + " cannot be written");
    }
    return permissions(shown);
  }

  private Finding permissions(String shown) {
    if (!home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return Diagnosis.FOLDER.says(shown + " is there and can be written");
    }
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(home);
    } catch (IOException e) {
      return Diagnosis.FOLDER_UNUSABLE.says(shown + " cannot be looked at");
    }
    boolean open =
        permissions.stream().anyMatch(permission -> !permission.name().startsWith("OWNER_"));
    return open
        ? Diagnosis.FOLDER_OPEN.about(
            Map.of("folder", shown),
            shown
                + " is open to others ("
                + PosixFilePermissions.toString(permissions)
                + "): agents' output lies there")
        : Diagnosis.FOLDER.says(shown + " is there, can be written, and is its owner's alone");
  }

  /** The folder itself, or the nearest above it that is there. */
  private Path nearest() {
    Path place = home;
    while (!Files.exists(place, LinkOption.NOFOLLOW_LINKS) && place.getParent() != null) {
      place = place.getParent();
    }
    return place;
  }
}
