package dev.regatta.evidence;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A ZIP file that is the same bytes wherever it is made of the same content: nothing compressed, no
 * times, entries in the order given. So all of it can be checked, not only what it holds.
 */
final class Archive {
  static final int MOST_ENTRIES = 10_000;

  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){0,9}");

  private Archive() {}

  /** It is not one of ours; the message says where and why. */
  static final class NotWhole extends Exception {
    private static final long serialVersionUID = 1L;

    NotWhole(String message) {
      super(message);
    }
  }

  static byte[] write(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        zip.putNextEntry(entry(each.getKey(), each.getValue()));
        zip.write(each.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory takes bytes", e);
    }
    return bytes.toByteArray();
  }

  private static ZipEntry entry(String name, byte[] content) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name for an entry");
    }
    CRC32 sum = new CRC32();
    sum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(sum.getValue());
    entry.setTimeLocal(NO_TIME);
    return entry;
  }

  static Map<String, byte[]> read(byte[] archive) throws NotWhole {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    String at = "its beginning";
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        at = name(entry.getName(), at);
        if (entry.getMethod() != ZipEntry.STORED) {
          throw new NotWhole("in " + at + ": it is compressed, which nothing of ours is");
        }
        // Nothing in it can be longer than it is itself.
        if (entries.size() >= MOST_ENTRIES
            || entries.put(at, zip.readNBytes(archive.length)) != null) {
          throw new NotWhole("in " + at + ": it is there twice, or one of too many");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new NotWhole("in " + at + ": its bytes are not those that were put in");
    }
    requireSame(archive, write(entries));
    return entries;
  }

  private static String name(String name, String before) throws NotWhole {
    if (!NAME.matcher(name).matches()) {
      throw new NotWhole("after " + before + ": an entry's name is not one of ours");
    }
    return name;
  }

  private static void requireSame(byte[] given, byte[] rebuilt) throws NotWhole {
    int at = Arrays.mismatch(given, rebuilt);
    if (at < 0) {
      return;
    }
    if (at >= contentsBegin(rebuilt)) {
      throw new NotWhole(
          "at byte "
              + at
              + " of the archive, in its table of contents, or in the head of the entry that"
              + " stands there: they differ");
    }
    throw new NotWhole("at byte " + at + " of the archive: it is not as it was made");
  }

  /** Where the table of contents begins: the fourth last field of the archive's end says it. */
  private static int contentsBegin(byte[] archive) {
    return ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).getInt(archive.length - 6);
  }
}
