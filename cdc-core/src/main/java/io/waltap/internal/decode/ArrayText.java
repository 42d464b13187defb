package io.waltap.internal.decode;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the text of an array apart: lists within lists, with texts and nulls at the bottom. */
final class ArrayText {

  private final String text;
  private final char delimiter;
  private int at;

  private ArrayText(String text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
    // Bounds other than from 1 are written in front: [0:1]={a,b}. Lists know no such thing.
    this.at = text.startsWith("[") ? text.indexOf('=') + 1 : 0;
  }

  static List<@Nullable Object> parse(String text, char delimiter) {
    ArrayText array = new ArrayText(text, delimiter);
    List<@Nullable Object> elements = array.elements();
    if (array.at != text.length()) {
      throw strange();
    }
    return elements;
  }

  private List<@Nullable Object> elements() {
    expect('{');
    List<@Nullable Object> elements = new ArrayList<>();
    if (peek() != '}') {
      elements.add(element());
      while (peek() == delimiter) {
        at++;
        elements.add(element());
      }
    }
    expect('}');
    return elements;
  }

  private @Nullable Object element() {
    return switch (peek()) {
      case '{' -> elements();
      case '"' -> quoted();
      default -> plain();
    };
  }

  private String quoted() {
    StringBuilder element = new StringBuilder();
    for (at++; peek() != '"'; at++) {
      if (peek() == '\\') {
        at++;
      }
      element.append(peek());
    }
    at++;
    return element.toString();
  }

  /** An element without quotes is never empty, and only there NULL is null. */
  private @Nullable String plain() {
    int start = at;
    while (peek() != delimiter && peek() != '}') {
      at++;
    }
    if (start == at) {
      throw strange();
    }
    String element = text.substring(start, at);
    return element.equals("NULL") ? null : element;
  }

  private char peek() {
    if (at >= text.length()) {
      throw strange();
    }
    return text.charAt(at);
  }

  private void expect(char c) {
    if (peek() != c) {
      throw strange();
    }
    at++;
  }

  private static UnreadableException strange() {
    return new UnreadableException("the value is not an array such as {1,2}");
  }
}
