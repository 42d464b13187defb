package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A type or method of the library that the README or a page of {@code docs} names is there. */
class NamesTest {

  private static final Path SOURCES = Paper.ROOT.resolve("cdc-core/src/main/java");

  /** A call such as {@code start()}, but none of a function or type of PostgreSQL. */
  private static final String CALL = "^([a-z]+(?:[A-Z][a-z]*)*)\\((?!n\\)).*$";

  @Test
  void everyMemberOfATypeIsThere() throws Exception {
    Set<String> members = new TreeSet<>();
    for (Class<?> type : publicTypes()) {
      members(type).forEach(name -> members.add(type.getSimpleName() + "." + name));
    }

    assertThat(named("^([A-Z]\\w+\\.(?!md$)\\w+)(?:\\(.*)?$"))
        .contains("CdcConfig.postgres", "Row.isUnchanged")
        .isSubsetOf(members);
  }

  @Test
  void everyMethodIsThere() throws Exception {
    Set<String> methods =
        publicTypes().stream().flatMap(NamesTest::members).collect(Collectors.toSet());

    assertThat(named(CALL)).contains("start", "onRetainedWal").isSubsetOf(methods);
  }

  private static List<String> named(String pattern) {
    return Paper.manual().stream()
        .flatMap(paper -> paper.spans().stream())
        .flatMap(span -> Paper.all(pattern, span).stream())
        .distinct()
        .toList();
  }

  private static Stream<String> members(Class<?> type) {
    Stream<Member> members =
        Stream.concat(Arrays.stream(type.getMethods()), Arrays.stream(type.getFields()));
    Stream<String> nested = Arrays.stream(type.getClasses()).map(Class::getSimpleName);
    return Stream.concat(members.map(Member::getName), nested);
  }

  private static List<Class<?>> publicTypes() throws IOException, ClassNotFoundException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(SOURCES)) {
      files =
          walk.filter(file -> file.toString().matches("(?!.*internal).*[A-Z]\\w*\\.java")).toList();
    }
    List<Class<?>> types = new ArrayList<>();
    for (Path file : files) {
      String name = SOURCES.relativize(file).toString().replaceAll("\\.java$", "");
      Class<?> type = Class.forName(name.replace(File.separatorChar, '.'));
      if (Modifier.isPublic(type.getModifiers())) {
        types.add(type);
        types.addAll(List.of(type.getClasses()));
      }
    }
    return types;
  }
}
