package io.waltap.internal.decode;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.Map;
import org.postgresql.util.HStoreConverter;

/** The extension's keys and values, read by the driver. Values may be null. */
final class HstoreText {

  private HstoreText() {}

  /** Whether a Java type is a map from texts to texts. */
  static boolean fits(Type target) {
    return target == Map.class
        || (target instanceof ParameterizedType map
            && map.getRawType() == Map.class
            && isText(ThreeStates.argument(map, 0))
            && isText(ThreeStates.argument(map, 1)));
  }

  private static boolean isText(Type type) {
    return type == String.class || type == Object.class;
  }

  static Object read(String text) {
    return Collections.unmodifiableMap(HStoreConverter.fromString(text));
  }
}
