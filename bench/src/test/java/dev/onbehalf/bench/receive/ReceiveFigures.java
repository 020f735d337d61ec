package dev.onbehalf.bench.receive;

import dev.onbehalf.server.Onbehalf;
import dev.onbehalf.server.config.ConfigurationReader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prints the table of the section on receiving in {@code docs/performance.md}: a whole server over
 * HTTP, one sender and one reader, with few and with many builds and deployments stored.
 */
public final class ReceiveFigures {
  private static final int FEW = 10_000;
  private static final int TURNS = 51;
  private static final int BULK = 50;
  private static final int FILL = 500;

  private final Map<String, List<String>> rows = new LinkedHashMap<>();

  /**
   * Measures the databases.
   *
   * @param args how many builds and deployments are many, a million by default; then which database
   *     alone, {@code embedded} or {@code postgresql}
   */
  public static void main(String[] args) throws Exception {
    int many = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
    String only = args.length < 2 ? "" : args[1];
    ReceiveFigures figures = new ReceiveFigures();
    List<String> columns = new ArrayList<>();
    if (!only.equals("postgresql")) {
      figures.on(List.of(), many);
      columns.add("embedded");
    }
    if (!only.equals("embedded")) {
      try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
        figures.on(List.of("database.url=" + postgres.getJdbcUrl("postgres", "postgres")), many);
      }
      columns.add("PostgreSQL");
    }
    System.out.printf("| milliseconds, median of %d |", TURNS);
    for (String column : columns) {
      System.out.printf(Locale.ROOT, " %s, %,d | %s, %,d |", column, FEW, column, many);
    }
    System.out.println("\n|---|" + "---|---|".repeat(columns.size()));
    figures.rows.forEach(
        (what, values) ->
            System.out.println("| " + what + " | " + String.join(" | ", values) + " |"));
  }

  private void on(List<String> settings, int many) throws Exception {
    Path data = Files.createTempDirectory("onbehalf-bench");
    String address;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + socket.getLocalPort();
    }
    List<String> all = new ArrayList<>(settings);
    all.addAll(
        List.of(
            "data=" + data,
            "listen=" + address,
            "admin=127.0.0.1:0",
            "receive.public-url=http://" + address,
            "receive.requests-per-credential=100000",
            "monitor.checks=off",
            "trusted-proxies=127.0.0.1",
            "limits.checks-per-address=0"));
    try (Onbehalf server =
        Onbehalf.start(
            ConfigurationReader.read(null, Map.of(), all).configuration(), Clock.systemUTC())) {
      Sender sender =
          new Sender(
              "http://" + address,
              server.adminUri(),
              Files.readString(data.resolve("admin.token")).strip());
      fill(sender, 0, FEW);
      measure(sender, FEW);
      fill(sender, FEW, many);
      measure(sender, many);
    } finally {
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Half of what is stored are builds, half deployments, each numbered from 0. */
  private void fill(Sender sender, int from, int to) throws IOException, InterruptedException {
    long start = System.nanoTime();
    for (int number = from / 2; number < to / 2; number += FILL) {
      sender.builds(number, FILL, 1);
      sender.deployments(number, FILL, 1);
      if (number % 50_000 == 0) {
        System.err.printf("%,d of %,d stored%n", 2 * number, to);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    row("stored a second until then", "%,.0f", (to - from) / seconds);
  }

  private void measure(Sender sender, int stored) throws Exception {
    long each = stored / 2;
    long[] next = {each};
    time("50 new builds", () -> sender.builds(next[0] += BULK, BULK, 1));
    time("50 new deployments", () -> sender.deployments(next[0] += BULK, BULK, 1));
    long[] sequence = {1};
    time(
        "50 builds updated",
        () -> sender.builds(sequence[0] * 7_919 % (each - BULK), BULK, ++sequence[0]));
    inTurn(
        "token refused, wrong secret",
        () -> sender.refused(sender.clientId()),
        "token refused, unknown client",
        () -> sender.refused("nobody"));
    long[] any = {0};
    time("one build read by its key", () -> sender.read((any[0] += 7_919) % each));
    time("issue page", () -> sender.page("/issues/" + Sender.issue(any[0] += 7_919)));
    time(
        "board of a project", () -> sender.page("/projects/P" + (10 + any[0]++ % Sender.PROJECTS)));
    String environment = first(sender.page("/environments"), "/environments/\\d+");
    time("environment page", () -> sender.page(environment));
    String pipeline = first(sender.page("/pipelines"), "/pipelines/\\d+");
    time("pipeline page", () -> sender.page(pipeline));
    String lately = Sender.at(each - 10_000).toString();
    for (String query :
        List.of(
            "environmentType = production AND current = true",
            "environmentType = production AND state = failed",
            "kind = build AND pipeline = app-7 AND state = failed",
            "project = P12",
            "state = failed AND updated > " + lately)) {
      time("`" + query.replace(lately, "-7d") + "`", () -> sender.query(query, false));
    }
    time(
        "`issue = P10-1`, another each time",
        () -> sender.query("issue = " + Sender.issue(any[0] += 7_919), false));
    String waiting = "issue IN deployedToType(staging) AND issue NOT IN deployedToType(production)";
    time("issues: `" + waiting + "`", () -> sender.query(waiting, true));
  }

  private static String first(String page, String pattern) {
    Matcher found = Pattern.compile("\"(" + pattern + ")\"").matcher(page);
    if (!found.find()) {
      throw new IllegalStateException("No link to " + pattern + ".");
    }
    return found.group(1);
  }

  private interface Work {
    void run() throws Exception;
  }

  private void time(String what, Work work) throws Exception {
    double[] millis = new double[TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
      millis[turn] = millis(work);
    }
    row(what, "%.1f", median(millis));
  }

  private void inTurn(String what, Work work, String other, Work otherWork) throws Exception {
    double[] millis = new double[TURNS];
    double[] otherMillis = new double[TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
      millis[turn] = millis(work);
      otherMillis[turn] = millis(otherWork);
    }
    row(what, "%.2f", median(millis));
    row(other, "%.2f", median(otherMillis));
  }

  private static double millis(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private void row(String what, String form, double value) {
    String text = String.format(Locale.ROOT, form, value);
    System.err.println(what + ": " + text);
    rows.computeIfAbsent(what, name -> new ArrayList<>()).add(text);
  }
}
