package dev.onbehalf.bench.delivery;

import dev.onbehalf.delivery.Build;
import dev.onbehalf.delivery.BuildState;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.delivery.KeySource;
import dev.onbehalf.delivery.KeyText;
import dev.onbehalf.delivery.send.Sender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Prints the tables of the section on delivery in {@code docs/performance.md}. */
public final class DeliveryFigures {
  private static final int ROUNDS = 7;
  private static final int OUR_TURNS = 51;
  private static final int RIVAL_TURNS = 5;
  private static final long WARM_UP_NANOS = 1_000_000_000;
  private static final double MEGA = 1e6;
  private static final double NANOS = 1e9;

  /** The pattern of the common Jenkins plugin, as the rival. */
  private static final Pattern RIVAL =
      Pattern.compile(
          "(?<=^|\\s|\\p{Punct})(\\p{Lu}[\\p{Lu}\\d_]{1,255}-\\d{1,100})(?=$|\\s|\\p{Punct})");

  private static final IssueKeys KEYS = IssueKeys.builder().build();

  private DeliveryFigures() {}

  /** Runs everything, about two minutes. */
  public static void main(String[] args) throws IOException {
    extraction();
    hostile();
    sending();
  }

  private static void extraction() {
    System.out.println("| commit messages | size | ours | regular expression | times |");
    System.out.println("|---|---|---|---|---|");
    for (int count : new int[] {25_000, 50_000, 100_000, 200_000}) {
      List<KeyText> texts = messages(count);
      double megabytes = texts.stream().mapToLong(text -> text.text().length()).sum() / MEGA;
      double[] seconds = rounds(List.of(DeliveryFigures::ours, DeliveryFigures::rival), texts);
      System.out.printf(
          Locale.ROOT,
          "| %,d | %.1f MB | %.0f MB/s | %.0f MB/s | %.1f |%n",
          count,
          megabytes,
          megabytes / seconds[0],
          megabytes / seconds[1],
          seconds[1] / seconds[0]);
    }
    System.out.println();
  }

  private static void hostile() {
    System.out.println(
        "| hostile text of 1 MB | ours, 1 MB | ours, 4 MB | regular expression, 1 MB |");
    System.out.println("|---|---|---|---|");
    Map<String, String> shapes = new TreeMap<>();
    shapes.put("`AAAA…`", "A");
    shapes.put("`A-A-A-…`", "A-");
    shapes.put("`AB-AB-…`", "AB-");
    shapes.put("`_A_A_…`", "_A");
    shapes.put("`AB-9999…`", "9");
    shapes.put("`AB-1a AB-1a …`", "AB-1a ");
    shapes.put("`-----…`", "-");
    shapes.forEach(
        (name, unit) -> {
          String start = unit.equals("9") ? "AB-" : "";
          List<KeyText> one = List.of(text(start + unit.repeat(1_000_000 / unit.length())));
          List<KeyText> four = List.of(text(start + unit.repeat(4_000_000 / unit.length())));
          double small = median(DeliveryFigures::ours, one, OUR_TURNS);
          double large = median(DeliveryFigures::ours, four, OUR_TURNS);
          double rival = median(DeliveryFigures::rival, one, RIVAL_TURNS);
          System.out.printf(
              Locale.ROOT,
              "| %s | %.1f ms | %.1f ms | %.1f ms |%n",
              name,
              small * 1e3,
              large * 1e3,
              rival * 1e3);
        });
    System.out.println();
  }

  private static void sending() throws IOException {
    System.out.println("| sending builds, one thread | builds per second | requests | tokens |");
    System.out.println("|---|---|---|---|");
    try (LeanReceiver receiver = new LeanReceiver();
        Sender sender = Sender.builder().site(receiver.site()).build()) {
      send(sender, 2_000);
      int before = receiver.requests();
      double seconds = send(sender, 5_000);
      row("one a request, without a spool", 5_000, seconds, receiver, before);
    }
    Path spool = Files.createTempDirectory("onbehalf-bench");
    try (LeanReceiver receiver = new LeanReceiver();
        Sender sender = Sender.builder().site(receiver.site()).spool(spool).build()) {
      send(sender, 500);
      int before = receiver.requests();
      double seconds = send(sender, 2_000);
      row("one a request, each on disk first", 2_000, seconds, receiver, before);

      long start = System.nanoTime();
      for (int number = 0; number < 5_000; number++) {
        sender.keep(List.of(build(number)));
      }
      row("only kept, each synced to disk", 5_000, since(start), receiver, receiver.requests());

      before = receiver.requests();
      start = System.nanoTime();
      int sent = sender.flush().get(0).sent();
      row("kept ones sent after an outage", sent, since(start), receiver, before);
    }
    try (Stream<Path> files = Files.walk(spool)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void row(
      String what, int builds, double seconds, LeanReceiver receiver, int before) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %,.0f | %,d | %d |%n",
        what,
        builds / seconds,
        receiver.requests() - before,
        receiver.tokensGiven());
  }

  private static double send(Sender sender, int count) {
    long start = System.nanoTime();
    for (int number = 0; number < count; number++) {
      if (!sender.send(build(number)).complete()) {
        throw new IllegalStateException("Not accepted.");
      }
    }
    return since(start);
  }

  private static Build build(int number) {
    return Build.builder()
        .pipelineId("team/app")
        .buildNumber(number)
        .displayName("team/app #" + number)
        .url("https://ci.example.com/job/app/" + number)
        .state(BuildState.SUCCESSFUL)
        .lastUpdated(Instant.now())
        .issueKeys(List.of("ABC-1", "ABC-2", "DEF-30"))
        .build();
  }

  private static double since(long start) {
    return (System.nanoTime() - start) / NANOS;
  }

  /** Returns the median of each, the contenders taking turns. */
  private static double[] rounds(
      List<ToIntFunction<List<KeyText>>> contenders, List<KeyText> texts) {
    double[][] seconds = new double[contenders.size()][ROUNDS];
    int found = 0;
    for (int round = -2; round < ROUNDS; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        long start = System.nanoTime();
        found += contenders.get(i).applyAsInt(texts);
        if (round >= 0) {
          seconds[i][round] = since(start);
        }
      }
    }
    if (found < 0) {
      throw new IllegalStateException();
    }
    return IntStream.range(0, contenders.size())
        .mapToDouble(
            i -> {
              Arrays.sort(seconds[i]);
              return seconds[i][ROUNDS / 2];
            })
        .toArray();
  }

  /**
   * Returns the median of the turns. Turns of this very text go before them without a clock: what
   * is compiled for another size or shape of text is compiled anew for this one.
   */
  private static double median(
      ToIntFunction<List<KeyText>> contender, List<KeyText> texts, int turns) {
    long found = 0;
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_UP_NANOS) {
      found += contender.applyAsInt(texts);
    }
    double[] seconds = new double[turns];
    for (int turn = 0; turn < turns; turn++) {
      long begun = System.nanoTime();
      found += contender.applyAsInt(texts);
      seconds[turn] = since(begun);
    }
    if (found < 0) {
      throw new IllegalStateException();
    }
    Arrays.sort(seconds);
    return seconds[turns / 2];
  }

  private static int ours(List<KeyText> texts) {
    return KEYS.find(texts).found().size();
  }

  private static int rival(List<KeyText> texts) {
    int found = 0;
    for (KeyText text : texts) {
      Matcher matcher = RIVAL.matcher(text.text());
      while (matcher.find()) {
        found += matcher.group(1).length();
      }
    }
    return found;
  }

  private static KeyText text(String text) {
    return new KeyText(KeySource.COMMIT, "0a1b2c3d4e", text);
  }

  /** Messages as people write them: a subject, sometimes a body, mostly a key. */
  private static List<KeyText> messages(int count) {
    Random random = new Random(7);
    String[] words = {
      "fix",
      "the",
      "build",
      "of",
      "UTF-8",
      "names",
      "in",
      "Release",
      "notes",
      "for",
      "users",
      "who",
      "sign",
      "HTTP",
      "requests",
      "twice",
      "and",
      "SHA-256",
      "over",
      "IPv6"
    };
    List<KeyText> messages = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      StringBuilder message = new StringBuilder();
      if (random.nextInt(4) > 0) {
        message.append("ABC-").append(1 + random.nextInt(400)).append(": ");
      }
      int length = 6 + random.nextInt(random.nextInt(5) == 0 ? 120 : 12);
      for (int word = 0; word < length; word++) {
        message.append(words[random.nextInt(words.length)]).append(word % 11 == 10 ? '\n' : ' ');
      }
      messages.add(text(message.toString()));
    }
    return messages;
  }
}
