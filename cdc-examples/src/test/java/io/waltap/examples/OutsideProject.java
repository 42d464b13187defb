package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A Maven project outside of this one. Its local repository is its own and holds what {@code mvn
 * install} puts there, made of what this build has packaged; all that others publish is copied from
 * the repository of this build, or else downloaded.
 */
final class OutsideProject {

  private static final String PLUGINS = "org.apache.maven.plugins:maven-";

  private final Path folder;
  private final Path repository;

  private OutsideProject(Path folder) {
    this.folder = folder.resolve("outside");
    this.repository = folder.resolve("repository");
  }

  /** With the README's dependency and class, which may have another address in it. */
  static OutsideProject create(Path folder, String dependency, String className, String code)
      throws IOException {
    OutsideProject project = new OutsideProject(folder);
    project.write("pom.xml", pom(dependency));
    project.write("src/main/java/" + className + ".java", code);
    project.write("src/main/resources/logback.xml", LOGBACK);
    project.write("settings.xml", settings());
    Path core = Paper.ROOT.resolve("cdc-core");
    String jar = "target/cdc-core-" + property("version") + ".jar";
    project.install("waltap", "pom", Paper.ROOT.resolve("pom.xml"));
    project.install("cdc-core", "pom", core.resolve("pom.xml"));
    project.install("cdc-core", "jar", core.resolve(jar));
    return project;
  }

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="ERR" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="ERR"/></root>
      </configuration>
      """;

  private static String pom(String dependency) {
    return """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>com.example</groupId>
          <artifactId>outside</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
          <dependencies>
        %s
            <dependency>
              <groupId>ch.qos.logback</groupId>
              <artifactId>logback-classic</artifactId>
              <version>%s</version>
            </dependency>
          </dependencies>
        </project>
        """
        .formatted(dependency, property("logback.version"));
  }

  /** Looks into the repository of this build before it goes to the network. */
  private static String settings() {
    String repository =
        "<id>this-build</id><url>%s</url><snapshots><enabled>false</enabled></snapshots>"
            .formatted(Path.of(given("maven.repository")).toUri());
    return """
        <settings>
          <profiles><profile>
            <id>this-build</id>
            <repositories><repository>%s</repository></repositories>
            <pluginRepositories><pluginRepository>%s</pluginRepository></pluginRepositories>
          </profile></profiles>
          <activeProfiles><activeProfile>this-build</activeProfile></activeProfiles>
        </settings>
        """
        .formatted(repository, repository);
  }

  private void install(String artifact, String extension, Path built) throws IOException {
    assertThat(built).as("part of the library; run mvn verify from the root").exists();
    String version = property("version");
    Path home = repository.resolve("io/waltap/" + artifact + "/" + version);
    Files.createDirectories(home);
    Files.copy(built, home.resolve(artifact + "-" + version + "." + extension));
  }

  /** Compiles it; fails with what Maven said. */
  void build() throws IOException, InterruptedException {
    String mvn = System.getProperty("os.name").startsWith("Windows") ? "mvn.cmd" : "mvn";
    ProcessBuilder maven =
        new ProcessBuilder(
            Path.of(given("maven.home"), "bin", mvn).toString(),
            "--batch-mode",
            "--quiet",
            "--global-settings=settings.xml",
            "-Dmaven.repo.local=" + repository,
            "-Dmdep.outputFile=class-path",
            PLUGINS + "resources-plugin:" + plugin("resources") + ":resources",
            PLUGINS + "compiler-plugin:" + plugin("compiler") + ":compile",
            PLUGINS + "dependency-plugin:" + plugin("dependency") + ":build-classpath");
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    maven.environment().remove("MAVEN_PROJECTBASEDIR");
    Process process = maven.directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("mvn said: %s", said).isZero();
  }

  /** Starts it with the class path that Maven made for it. */
  Process run(String className) throws IOException {
    String classPath = Files.readString(folder.resolve("class-path")).strip();
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            "target/classes" + File.pathSeparator + classPath,
            className)
        .directory(folder.toFile())
        .redirectError(folder.resolve("errors").toFile())
        .start();
  }

  /** What it wrote to its standard error. */
  String errors() throws IOException {
    return Files.readString(folder.resolve("errors"));
  }

  private void write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }

  private static String property(String name) {
    return Paper.all("<" + name + ">([^<]+)<", rootPom()).get(0);
  }

  /** The versions that this build uses, so that they are in its repository. */
  private static String plugin(String name) {
    return Paper.all(
            "<artifactId>maven-" + name + "-plugin</artifactId>\\s*<version>([^<]+)<", rootPom())
        .get(0);
  }

  private static String rootPom() {
    return Paper.read(Paper.ROOT.resolve("pom.xml"));
  }

  private static String given(String property) {
    return Objects.requireNonNull(
        System.getProperty(property), "-D" + property + ", which the build sets");
  }
}
