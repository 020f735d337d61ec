package dev.onbehalf.cli.jira;

import dev.onbehalf.delivery.FoundKeys;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.delivery.KeySource;
import dev.onbehalf.delivery.KeyText;
import dev.onbehalf.delivery.ci.CiEnvironment;
import dev.onbehalf.delivery.ci.CiEnvironment.Fact;
import dev.onbehalf.delivery.git.CommitRange;
import dev.onbehalf.delivery.git.GitException;
import dev.onbehalf.delivery.git.GitHistory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which issue keys are found. */
final class KeyOptions {
  @Option(
      names = "--issue-key",
      split = ",",
      paramLabel = "KEY",
      description =
          "Send this key; repeatable. Nothing else is searched unless --sources is given.")
  private List<String> explicit = new ArrayList<>();

  @Option(names = "--branch", paramLabel = "TEXT", description = "Search this as the branch.")
  private @Nullable String branch;

  @Option(
      names = "--sources",
      split = ",",
      paramLabel = "SOURCE",
      description =
          "branch, pull-request-branch, pull-request-title, pull-request-description, tag, commit. Default: all.")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = "--project",
      split = ",",
      paramLabel = "KEY",
      description = "Only keys of these projects; repeatable.")
  private List<String> projects = new ArrayList<>();

  @Option(
      names = "--deny",
      split = ",",
      paramLabel = "WORD",
      description = "Not a project, besides the built-in list; repeatable.")
  private List<String> denied = new ArrayList<>();

  @Option(names = "--lower-case", description = "Take abc-12 for ABC-12.")
  private boolean lowerCase;

  @Option(
      names = "--max-keys",
      paramLabel = "N",
      defaultValue = "500",
      description = "Send at most so many keys (default ${DEFAULT-VALUE}).")
  private int maxKeys;

  @Option(names = "--since", paramLabel = "COMMIT", description = "Search the commits after this.")
  private @Nullable String since;

  @Option(names = "--base", paramLabel = "REF", description = "The branch that branches leave.")
  private @Nullable String base;

  @Option(names = "--repository", paramLabel = "DIR", description = "The git clone.")
  private @Nullable Path repository;

  @Option(names = "--no-git", description = "Do not ask git.")
  private boolean noGit;

  /**
   * What was found.
   *
   * @param keys the keys
   * @param branch the branch of the run, null where unknown
   * @param tag its tag, null where it has none
   * @param commit its commit, null where unknown
   * @param repositoryUrl the web address of its repository, null where unknown
   * @param warnings what a person should know, a sentence each
   */
  record Found(
      FoundKeys keys,
      @Nullable String branch,
      @Nullable String tag,
      @Nullable String commit,
      @Nullable String repositoryUrl,
      List<String> warnings) {}

  /** Which commits are new. */
  enum News {
    /** Those since the branch last succeeded. */
    BUILD,
    /** Those the environment has not. */
    DEPLOYMENT
  }

  /**
   * Searches what the options say; {@code lastSuccess} counts where no {@code --since} is given.
   */
  Found find(CiEnvironment ci, Path directory, News news, @Nullable String lastSuccess) {
    List<String> warnings = new ArrayList<>();
    List<KeyText> texts = new ArrayList<>();
    explicit.forEach(key -> texts.add(new KeyText(KeySource.EXPLICIT, "--issue-key", key)));
    boolean search = explicit.isEmpty() || !sources.isEmpty();
    String workedOn = branch != null ? branch : ci.get(Fact.BRANCH).orElse(null);
    String commit = ci.get(Fact.COMMIT).orElse(null);
    String url = ci.get(Fact.REPOSITORY_URL).flatMap(GitHistory::webUrl).orElse(null);
    List<KeyText> commits = List.of();
    Set<String> tags = new LinkedHashSet<>(ci.get(Fact.TAG).stream().toList());
    if (!noGit) {
      GitHistory git =
          GitHistory.in(repository == null ? directory : directory.resolve(repository));
      try {
        commit = commit == null ? git.head() : commit;
        workedOn = workedOn == null ? git.branch().orElse(null) : workedOn;
        url = url == null ? git.repositoryUrl().orElse(null) : url;
        tags.addAll(git.tags());
        if (search && selected().contains(KeySource.COMMIT)) {
          String from = since != null ? since : lastSuccess;
          CommitRange range =
              news == News.BUILD ? git.ofBuild(from, trunk(ci)) : git.ofDeployment(from, trunk(ci));
          commits = range.texts();
          warnings.addAll(range.warnings());
        }
      } catch (GitException e) {
        warnings.add("No commits were searched: " + e.getMessage());
      }
    }
    if (search) {
      if (workedOn != null) {
        texts.add(new KeyText(KeySource.BRANCH, workedOn, workedOn));
      }
      ci.texts().stream()
          .filter(text -> text.source() != KeySource.BRANCH && text.source() != KeySource.TAG)
          .forEach(texts::add);
      tags.forEach(tag -> texts.add(new KeyText(KeySource.TAG, tag, tag)));
      texts.addAll(commits);
    }
    FoundKeys keys = keys().find(texts);
    warnings.addAll(keys.warnings());
    return new Found(keys, workedOn, tags.stream().findFirst().orElse(null), commit, url, warnings);
  }

  private @Nullable String trunk(CiEnvironment ci) {
    if (base != null) {
      return base;
    }
    Optional<String> target =
        ci.get(Fact.PULL_REQUEST_TARGET).or(() -> ci.get(Fact.DEFAULT_BRANCH));
    return target.map(name -> "origin/" + name).orElse(null);
  }

  private Set<KeySource> selected() {
    if (sources.isEmpty()) {
      return EnumSet.allOf(KeySource.class);
    }
    Set<KeySource> selected = EnumSet.noneOf(KeySource.class);
    for (String word : sources) {
      selected.add(
          KeySource.of(word.strip())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "--sources knows no '%s'; it knows branch, pull-request-branch, pull-request-title, pull-request-description, tag and commit."
                              .formatted(word))));
    }
    return selected;
  }

  private IssueKeys keys() {
    Set<String> notProjects = new LinkedHashSet<>(IssueKeys.DEFAULT_DENIED);
    notProjects.addAll(denied);
    return IssueKeys.builder()
        .sources(selected())
        .projects(projects)
        .denied(notProjects)
        .lowerCase(lowerCase)
        .limit(maxKeys)
        .build();
  }
}
