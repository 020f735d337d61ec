package dev.onbehalf.delivery.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks the git command about a clone: read-only, without the network, without prompts.
 *
 * <p>Every method throws {@link GitException} when git is missing, the directory is no clone, or
 * git takes more than a minute.
 */
public final class GitHistory {
  private static final int MAX_COMMITS = 20_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern REVISION =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./@{}^~+-]{0,254}");
  private static final Pattern SCP_URL = Pattern.compile("(?:[^@/:]+@)?([^/:]+):([^/].*)");

  private final Path directory;

  private GitHistory(Path directory) {
    this.directory = directory;
  }

  /** Returns the history of the clone that {@code directory} lies in. */
  public static GitHistory in(Path directory) {
    return new GitHistory(directory);
  }

  /** Returns the id of the commit checked out. */
  public String head() throws GitException {
    return run("rev-parse", "--verify", "HEAD^{commit}").strip();
  }

  /** Returns the branch checked out; empty where the head is detached. */
  public Optional<String> branch() throws GitException {
    return attempt("symbolic-ref", "--quiet", "--short", "HEAD").map(String::strip);
  }

  /** Returns the tags that point at the commit checked out. */
  public List<String> tags() throws GitException {
    return run("tag", "--points-at", "HEAD").lines().filter(line -> !line.isBlank()).toList();
  }

  /** Returns the web address of the remote, credentials removed; empty where there is none. */
  public Optional<String> repositoryUrl() throws GitException {
    return attempt("config", "--get", "remote.origin.url").flatMap(url -> webUrl(url.strip()));
  }

  /**
   * Returns the commits a build brings: those after {@code since} where it is known and lies behind
   * the head, else those the branch has and the branch it left has not, else the head and what it
   * merged. A rebased branch so brings its own commits and not those it was moved onto.
   *
   * @param since the commit of the last success, null where there was none
   * @param base the branch that branches begin from, null for the remote's default
   */
  public CommitRange ofBuild(@Nullable String since, @Nullable String base) throws GitException {
    return commits(since, base, false);
  }

  /**
   * Returns the commits a deployment brings to an environment: those of the head that {@code since}
   * has not, whatever branch it was; else as {@link #ofBuild}.
   *
   * @param since the commit the environment last ran, null where none is known
   * @param base the branch that branches begin from, null for the remote's default
   */
  public CommitRange ofDeployment(@Nullable String since, @Nullable String base)
      throws GitException {
    return commits(since, base, true);
  }

  private CommitRange commits(@Nullable String since, @Nullable String base, boolean anyBranch)
      throws GitException {
    List<String> warnings = new ArrayList<>();
    Optional<String> known = since == null ? Optional.empty() : commit(since);
    if (known.isPresent() && (anyBranch || isMerged(known.get(), "HEAD"))) {
      return log("since " + shortId(known.get()), warnings, "HEAD", "^" + known.get());
    }
    if (since != null && known.isEmpty()) {
      warnings.add(
          "Commit %s is not in this clone (too shallow, or rewritten); searching from the branch's beginning."
              .formatted(since));
    }
    Optional<String> trunk = base == null ? defaultBranch() : commit(base).map(id -> base);
    if (base != null && trunk.isEmpty()) {
      warnings.add("The base %s is not in this clone.".formatted(base));
    }
    if (trunk.isPresent() && !isMerged("HEAD", trunk.get())) {
      return log("since the branch left " + trunk.get(), warnings, "HEAD", "^" + trunk.get());
    }
    if (known.isPresent()) {
      return log("since " + shortId(known.get()), warnings, "HEAD", "^" + known.get());
    }
    if (commit("HEAD^1").isPresent()) {
      return log("the head and what it merged", warnings, "HEAD", "^HEAD^1");
    }
    return log("the head", warnings, "--max-count=1", "HEAD");
  }

  private CommitRange log(String basis, List<String> warnings, String... range)
      throws GitException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-c",
                "log.showSignature=false",
                "log",
                "-z",
                "--no-show-signature",
                "--no-color",
                "--encoding=UTF-8",
                "--format=%H%n%B",
                "--max-count=" + (MAX_COMMITS + 1)));
    arguments.addAll(List.of(range));
    arguments.add("--");
    String out = run(arguments.toArray(String[]::new));
    List<CommitRange.Entry> commits = new ArrayList<>();
    int from = 0;
    while (from < out.length()) {
      int end = out.indexOf('\0', from);
      end = end < 0 ? out.length() : end;
      int line = out.indexOf('\n', from);
      if (line > 0 && line < end) {
        commits.add(new CommitRange.Entry(out.substring(from, line), out.substring(line + 1, end)));
      } else if (end > from) {
        commits.add(new CommitRange.Entry(out.substring(from, end), ""));
      }
      from = end + 1;
    }
    if (commits.size() > MAX_COMMITS) {
      warnings.add("Only the newest %d commits were searched.".formatted(MAX_COMMITS));
      commits = commits.subList(0, MAX_COMMITS);
    }
    if (reachesShallowBoundary(commits)) {
      warnings.add(
          "The clone is shallow and its history ends within the commits searched; older commits were not seen. Fetch more of it (git fetch --unshallow).");
    }
    return new CommitRange(commits, basis, warnings);
  }

  private boolean reachesShallowBoundary(List<CommitRange.Entry> commits) throws GitException {
    if (!run("rev-parse", "--is-shallow-repository").strip().equals("true")) {
      return false;
    }
    Path file = directory.resolve(run("rev-parse", "--git-path", "shallow").strip());
    try {
      List<String> boundary = Files.readAllLines(file, StandardCharsets.US_ASCII);
      Set<String> ends = new HashSet<>(boundary);
      return commits.stream().anyMatch(commit -> ends.contains(commit.id()));
    } catch (IOException e) {
      return true;
    }
  }

  private Optional<String> defaultBranch() throws GitException {
    Optional<String> head =
        attempt("symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
            .map(String::strip);
    if (head.isPresent() && commit(head.get()).isPresent()) {
      return head;
    }
    for (String name : List.of("origin/main", "origin/master", "main", "master")) {
      if (commit(name).isPresent()) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private boolean isMerged(String commit, String branch) throws GitException {
    return attempt("merge-base", "--is-ancestor", commit, branch).isPresent();
  }

  private Optional<String> commit(String revision) throws GitException {
    if (!REVISION.matcher(revision).matches()) {
      throw new GitException("'%s' is not a git revision.".formatted(revision));
    }
    return attempt("rev-parse", "--quiet", "--verify", revision + "^{commit}").map(String::strip);
  }

  /** Returns {@code remote} as an http(s) URL without credentials; empty for a local path. */
  public static Optional<String> webUrl(String remote) {
    Matcher scp = SCP_URL.matcher(remote);
    String text =
        !remote.contains("://") && scp.matches()
            ? "https://" + scp.group(1) + "/" + scp.group(2)
            : remote;
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme();
      if (scheme == null || uri.getHost() == null || scheme.equals("file")) {
        return Optional.empty();
      }
      boolean web = scheme.equals("https") || scheme.equals("http");
      String path = uri.getRawPath() == null ? "" : uri.getRawPath();
      String plain = path.endsWith(".git") ? path.substring(0, path.length() - 4) : path;
      String port = web && uri.getPort() > 0 ? ":" + uri.getPort() : "";
      return Optional.of((web ? scheme : "https") + "://" + uri.getHost() + port + plain);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String shortId(String id) {
    return id.substring(0, Math.min(10, id.length()));
  }

  private String run(String... arguments) throws GitException {
    Answer answer = git(arguments);
    if (answer.exitCode != 0) {
      throw new GitException(
          "git %s failed: %s"
              .formatted(
                  arguments[0].equals("-c") ? arguments[2] : arguments[0],
                  answer.error.lines().findFirst().orElse("exit code " + answer.exitCode)));
    }
    return answer.output;
  }

  private Optional<String> attempt(String... arguments) throws GitException {
    Answer answer = git(arguments);
    if (answer.exitCode == 128 && answer.error.contains("not a git repository")) {
      throw new GitException(directory + " is not a git clone.");
    }
    return answer.exitCode == 0 ? Optional.of(answer.output) : Optional.empty();
  }

  private record Answer(int exitCode, String output, String error) {}

  private Answer git(String... arguments) throws GitException {
    List<String> command = new ArrayList<>(List.of("git", "--no-pager", "--no-optional-locks"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("LC_ALL", "C");
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_NO_LAZY_FETCH", "1");
    Process process;
    try {
      process = builder.start();
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new GitException("The git command could not be started: " + e.getMessage());
    }
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> drain(process.getInputStream()));
    CompletableFuture<String> error =
        CompletableFuture.supplyAsync(() -> drain(process.getErrorStream()));
    try {
      if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new GitException("git took more than %d s.".formatted(TIMEOUT.toSeconds()));
      }
      return new Answer(process.exitValue(), output.join(), error.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GitException("Interrupted while git was running.");
    } finally {
      process.destroyForcibly();
    }
  }

  private static String drain(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
