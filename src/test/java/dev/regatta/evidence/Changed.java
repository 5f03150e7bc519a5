package dev.regatta.evidence;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** A record as it was but for one of its components, which a test names. */
final class Changed {
  private Changed() {}

  static <R extends Record> R of(R record, String component, Object value) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    boolean named = false;
    try {
      for (int i = 0; i < components.length; i++) {
        boolean meant = components[i].getName().equals(component);
        named |= meant;
        values[i] = meant ? value : components[i].getAccessor().invoke(record);
      }
      if (!named) {
        throw new AssertionError(record.getClass() + " has no component " + component);
      }
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
      @SuppressWarnings("unchecked")
      Constructor<R> canonical = (Constructor<R>) record.getClass().getDeclaredConstructor(types);
      return canonical.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
