package dev.onbehalf.delivery.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onbehalf.delivery.IssueKeys;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("debian")
class GitHistoryTest {
  @TempDir private Path temp;
  private GitClone origin;

  @BeforeEach
  void makeOrigin() {
    origin = GitClone.init(temp.resolve("origin"));
    origin.commit("ROOT-1 begin");
    origin.commit("ROOT-2 go on");
  }

  private static List<String> keys(CommitRange range) {
    return IssueKeys.builder().build().find(range.texts()).keys();
  }

  private GitClone branch(GitClone clone) {
    clone.git("checkout", "--quiet", "-b", "feature/ABC-1");
    clone.commit("ABC-10 first");
    clone.commit("second\n\nwith a body that names ABC-11");
    return clone;
  }

  @Test
  void ofBuildWhenFirstBuildOfBranchThenFromTheMergeBase() throws GitException {
    GitClone clone = branch(origin.cloneTo(temp.resolve("clone")));
    origin.commit("ROOT-3 meanwhile");
    clone.git("fetch", "--quiet");
    CommitRange range = clone.history().ofBuild(null, null);
    assertThat(keys(range)).containsExactly("ABC-11", "ABC-10");
    assertThat(range.basis()).isEqualTo("since the branch left origin/main");
    assertThat(range.warnings()).isEmpty();
  }

  @Test
  void ofBuildWhenLastSuccessIsKnownThenCommitsAfterIt() throws GitException {
    GitClone clone = origin.cloneTo(temp.resolve("clone"));
    String last = clone.commit("ABC-1 built");
    clone.commit("ABC-2 broken");
    clone.commit("ABC-3 mended");
    assertThat(keys(clone.history().ofBuild(last, null))).containsExactly("ABC-3", "ABC-2");
  }

  @Test
  void ofBuildWhenNothingIsNewThenEmpty() throws GitException {
    String last = origin.commit("ABC-1 built");
    assertThat(origin.history().ofBuild(last, null).commits()).isEmpty();
  }

  @Test
  void ofBuildWhenHeadIsAMergeThenWhatItMerged() throws GitException {
    branch(origin);
    origin.git("checkout", "--quiet", "main");
    origin.commit("ROOT-3 meanwhile");
    origin.git("merge", "--quiet", "--no-ff", "--message", "Merge for ABC-12", "feature/ABC-1");
    CommitRange range = origin.history().ofBuild(null, null);
    assertThat(keys(range)).containsExactly("ABC-12", "ABC-11", "ABC-10");
    assertThat(range.basis()).isEqualTo("the head and what it merged");
  }

  @Test
  void ofBuildWhenTrunkIsMergedIntoTheBranchThenItsCommitsAreNotTheBranchs() throws GitException {
    branch(origin);
    origin.git("checkout", "--quiet", "main");
    origin.commit("ROOT-3 meanwhile");
    origin.git("checkout", "--quiet", "feature/ABC-1");
    origin.git("merge", "--quiet", "--message", "Merge main", "main");
    assertThat(keys(origin.history().ofBuild(null, "main"))).containsExactly("ABC-11", "ABC-10");
  }

  @Test
  void ofBuildWhenBranchWasRebasedThenItsOwnCommitsOnly() throws GitException {
    branch(origin);
    String last = origin.history().head();
    origin.git("checkout", "--quiet", "main");
    origin.commit("ROOT-3 meanwhile");
    origin.git("rebase", "--quiet", "main", "feature/ABC-1");
    assertThat(keys(origin.history().ofBuild(last, "main"))).containsExactly("ABC-11", "ABC-10");
  }

  @Test
  void ofBuildWhenLastSuccessIsGoneThenSaysSoAndSearchesTheBranch() throws GitException {
    GitClone clone = branch(origin.cloneTo(temp.resolve("clone")));
    CommitRange range = clone.history().ofBuild("0123456789012345678901234567890123456789", null);
    assertThat(keys(range)).containsExactly("ABC-11", "ABC-10");
    assertThat(range.warnings().get(0)).contains("is not in this clone");
  }

  @Test
  void ofBuildWhenHeadIsDetachedThenSameCommits() throws GitException {
    GitClone clone = branch(origin.cloneTo(temp.resolve("clone")));
    clone.git("checkout", "--quiet", "--detach");
    assertThat(clone.history().branch()).isEmpty();
    assertThat(keys(clone.history().ofBuild(null, null))).containsExactly("ABC-11", "ABC-10");
  }

  @Test
  void ofBuildWhenCloneIsShallowThenSearchesWhatIsThereAndSaysSo() throws GitException {
    branch(origin);
    origin.git("checkout", "--quiet", "main");
    GitClone clone =
        origin.cloneTo(temp.resolve("clone"), "--depth=1", "--branch", "feature/ABC-1");
    CommitRange range = clone.history().ofBuild(null, null);
    assertThat(keys(range)).containsExactly("ABC-11");
    assertThat(range.warnings()).singleElement().asString().contains("git fetch --unshallow");
  }

  @Test
  void ofBuildWhenShallowCloneReachesFarEnoughThenNoWarning() throws GitException {
    String last = origin.commit("ABC-1 built");
    origin.commit("ABC-2 new");
    GitClone clone = origin.cloneTo(temp.resolve("clone"), "--depth=3");
    CommitRange range = clone.history().ofBuild(last, null);
    assertThat(keys(range)).containsExactly("ABC-2");
    assertThat(range.warnings()).isEmpty();
  }

  @Test
  void ofBuildWhenRepositoryHasOneCommitThenThatOne() throws GitException {
    GitClone one = GitClone.init(temp.resolve("one"));
    one.commit("ABC-1 alone");
    assertThat(keys(one.history().ofBuild(null, null))).containsExactly("ABC-1");
  }

  @Test
  void ofBuildWhenBaseIsNotThereThenSaysSo() throws GitException {
    CommitRange range = origin.history().ofBuild(null, "origin/nowhere");
    assertThat(range.warnings()).containsExactly("The base origin/nowhere is not in this clone.");
    assertThat(keys(range)).containsExactly("ROOT-2");
  }

  @Test
  void ofDeploymentWhenCommitIsPromotedThenEverythingTheEnvironmentHasNot() throws GitException {
    String production = origin.commit("ABC-1 in production");
    String staging = origin.commit("ABC-2 in staging");
    origin.commit("ABC-3 in staging too");
    assertThat(keys(origin.history().ofDeployment(staging, null))).containsExactly("ABC-3");
    assertThat(keys(origin.history().ofDeployment(production, null)))
        .containsExactly("ABC-3", "ABC-2");
  }

  @Test
  void ofDeploymentWhenEnvironmentRanAnotherBranchThenWhatThatOneHadNot() throws GitException {
    branch(origin);
    String deployed = origin.history().head();
    origin.git("checkout", "--quiet", "main");
    origin.commit("ROOT-3 meanwhile");
    assertThat(keys(origin.history().ofDeployment(deployed, null))).containsExactly("ROOT-3");
  }

  @Test
  void ofBuildWhenTenThousandCommitsThenAllAreFoundInOrder() throws GitException {
    String begin = origin.history().head();
    origin.commitMany(10_000);
    CommitRange range = origin.history().ofBuild(begin, null);
    assertThat(range.commits()).hasSize(10_000);
    assertThat(range.commits().get(0).message()).startsWith("MANY-10000 ");
    assertThat(range.warnings()).isEmpty();
  }

  @Test
  void tagsWhenHeadIsTaggedThenNamesThem() throws GitException {
    origin.git("tag", "v1-ABC-9");
    origin.git("tag", "release");
    assertThat(origin.history().tags()).containsExactlyInAnyOrder("v1-ABC-9", "release");
  }

  @Test
  void headWhenDirectoryIsNoCloneThenSaysSo() {
    GitHistory history = GitHistory.in(temp);
    assertThatThrownBy(() -> history.ofBuild("abc1234", null))
        .isInstanceOf(GitException.class)
        .hasMessageContaining("is not a git clone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--output=x", "-n1", "HEAD;ls", "a b", "$(id)", ":/text", ""})
  void ofBuildWhenRevisionCouldBeAnOptionThenRefused(String revision) {
    assertThatThrownBy(() -> origin.history().ofBuild(revision, null))
        .isInstanceOf(GitException.class)
        .hasMessageContaining("is not a git revision");
  }

  @ParameterizedTest
  @CsvSource({
    "https://git.example.com/team/app.git, https://git.example.com/team/app",
    "https://alice:s3cret@git.example.com/team/app, https://git.example.com/team/app",
    "ssh://git@git.example.com:7999/team/app.git, https://git.example.com/team/app",
    "git@git.example.com:team/app.git, https://git.example.com/team/app",
    "http://git.example.com:3000/team/app, http://git.example.com:3000/team/app",
    "/srv/git/app.git,",
    "file:///srv/git/app.git,",
    "C:\\git\\app,"
  })
  void webUrlWhenRemoteIsReadThenWithoutCredentials(String remote, String url) {
    assertThat(GitHistory.webUrl(remote).orElse(null)).isEqualTo(url);
  }
}
