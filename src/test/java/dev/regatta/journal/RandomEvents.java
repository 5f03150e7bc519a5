package dev.regatta.journal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Events of every kind, filled with what is hardest to carry; the same for the same seed. */
final class RandomEvents {
  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "\u001b[31mred\u001b[0m\u0007\u001b]0;title\u0007",
          "<script>alert(\"x\")</script>&amp;<!-- -->",
          "\",\"hash\":\"" + "0".repeat(64) + "\"}\n{\"seq\":1",
          "line\nline\r\nline\u2028line\u2029line\u0085",
          "\\ \\\\ \\n \\u0000 \" ' ` $HOME $(id)",
          "\u0000\u0001\u001f\u007f",
          "ü € 😀 \u202eright to left\u202c e\u0301 \ufeff \ufffd \uffff",
          "{\"type\":\"run-ended\"}",
          "null",
          "half \ud83d and \ude00 half",
          "%s %d {} {0}");

  private final Random random;

  RandomEvents(long seed) {
    this.random = new Random(seed);
  }

  /** Every kind that is written, by the name it has in a journal. */
  static Map<String, Class<?>> kinds() {
    Map<String, Class<?>> kinds = new LinkedHashMap<>();
    for (JsonSubTypes.Type type : Event.class.getAnnotation(JsonSubTypes.class).value()) {
      kinds.put(type.name(), type.value());
    }
    return kinds;
  }

  Event any() {
    List<Class<?>> kinds = List.copyOf(kinds().values());
    return (Event) record(kinds.get(random.nextInt(kinds.size())));
  }

  Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      AnnotatedType declared = components[i].getAnnotatedType();
      boolean mayMiss = declared.isAnnotationPresent(Nullable.class);
      values[i] = mayMiss && random.nextInt(3) == 0 ? null : value(declared.getType());
    }
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      return generic.getRawType() == Map.class ? map(of[1]) : list(of[0]);
    }
    if (type == String.class) {
      return text();
    }
    if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    }
    if (type == int.class || type == Integer.class) {
      return (int) number();
    }
    if (type == long.class || type == Long.class) {
      return number();
    }
    if (type == double.class || type == Double.class) {
      return fraction();
    }
    if (type instanceof Class<?> named && named.isEnum()) {
      return named.getEnumConstants()[random.nextInt(named.getEnumConstants().length)];
    }
    return record((Class<?>) type);
  }

  private List<Object> list(Type of) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(of));
    }
    return list;
  }

  private Map<String, Object> map(Type of) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      // Regatta's own words, so never half a character: a reader of JSON refuses that in a name.
      map.put(points(5) + "\"<b>\u001b" + i, value(of));
    }
    return map;
  }

  String text() {
    return switch (random.nextInt(4)) {
      case 0 -> HOSTILE.get(random.nextInt(HOSTILE.size()));
      case 1 -> "plain " + random.nextInt();
      case 2 -> points(random.nextInt(20));
      default -> HOSTILE.get(random.nextInt(HOSTILE.size())) + points(3);
    };
  }

  /** Whole characters of all of Unicode; half surrogate pairs are a case of their own. */
  private String points(int count) {
    return random
        .ints(0, Character.MAX_CODE_POINT + 1)
        .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
        .limit(count)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private long number() {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> Long.MAX_VALUE;
      case 2 -> Long.MIN_VALUE;
      case 3 -> random.nextInt(1000);
      default -> random.nextLong();
    };
  }

  private double fraction() {
    return switch (random.nextInt(6)) {
      case 0 -> 0.1;
      case 1 -> Double.MAX_VALUE;
      case 2 -> Double.MIN_VALUE;
      case 3 -> Double.NaN;
      case 4 -> Double.NEGATIVE_INFINITY;
      default -> random.nextDouble();
    };
  }
}
