using System.Text.RegularExpressions;

namespace SpeechStream.IntegrationTests.Readme;

/// <summary>Users search for a word in one spelling: the American one, which the API has.</summary>
public sealed partial class SpellingTests
{
    // Changes name what things were called.
    private const string Exception = "CHANGELOG.md";

    [Fact]
    public void Pages_messages_and_comments_are_spelled_as_the_API_is()
    {
        var files = Repository.Files("src", "*.cs").Concat(Repository.Files("src", "*.md")).Concat(Repository.Files("examples", "*.cs"))
            .Concat(Directory.EnumerateFiles(Repository.Root, "*.md").Where(file => Path.GetFileName(file) != Exception)).ToList();

        files.Should().HaveCountGreaterThan(100);
        files.SelectMany(file => British().Matches(File.ReadAllText(file)).Select(word => $"{Path.GetRelativePath(Repository.Root, file)}: {word.Value}")).Should().BeEmpty();
    }

    [GeneratedRegex(@"\w*(recogni|normali|seriali|initiali|finali|synchroni|authori|optimi|utili|summari)s(e|ed|es|er|ing|ation|able)\b|\w*(cancell|labell|signall|travell)(ed|ing)\b|\w*(behavi|col|fav|hon)our\w*|\w*licence\w*|\bcentre\b|\banalys(e|ed|ing)\b", RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
