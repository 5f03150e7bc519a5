package dev.regatta.report;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A record with the values in it, however deep, replaced. */
final class Rewritten {
  private Rewritten() {}

  /** Every string replaced. */
  static <R extends Record> R strings(R record, UnaryOperator<String> change) {
    return values(record, value -> value instanceof String text ? change.apply(text) : value);
  }

  /** Every value replaced, and what is in it after that. */
  @SuppressWarnings("unchecked")
  static <R extends Record> R values(R record, UnaryOperator<Object> change) {
    return (R) record(record, change);
  }

  private static @Nullable Object value(@Nullable Object old, UnaryOperator<Object> change) {
    Object value = old == null ? null : change.apply(old);
    return switch (value) {
      case null -> null;
      case List<?> list -> list.stream().map(item -> value(item, change)).toList();
      case Map<?, ?> map -> {
        Map<Object, Object> changed = new LinkedHashMap<>();
        map.forEach((key, held) ->
            changed.put(changed.size() + " " + value(key, change), value(held, change)));
        yield changed;
      }
      case Record record -> record(record, change);
      default -> value;
    };
  }

  private static Record record(Record record, UnaryOperator<Object> change) {
    try {
      RecordComponent[] components = record.getClass().getRecordComponents();
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        var accessor = components[i].getAccessor();
        accessor.setAccessible(true);
        values[i] = value(accessor.invoke(record), change);
      }
      var constructor =
          record
              .getClass()
              .getDeclaredConstructor(
                  Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("no such record could be made: " + record, e);
    }
  }
}
