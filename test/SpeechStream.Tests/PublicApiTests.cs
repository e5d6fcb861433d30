namespace SpeechStream.Tests;

public sealed class PublicApiTests
{
    private static readonly string Snapshot = Path.Combine(SourceTree.Root, "test", "SpeechStream.Tests", "PublicApi.txt");

    /// <summary>Set SPEECHSTREAM_UPDATE_API=1 to write the snapshot anew, and look at the difference before it is committed.</summary>
    [Fact]
    public void The_public_API_is_the_one_in_the_snapshot()
    {
        var actual = PublicApi.Describe(typeof(SpeechStreamClient).Assembly);
        if (Environment.GetEnvironmentVariable("SPEECHSTREAM_UPDATE_API") is { Length: > 0 })
        {
            File.WriteAllText(Snapshot, actual);
        }

        actual.Split('\n').Should().Equal(File.ReadAllText(Snapshot).Split('\n'), "a change of the API is made on purpose, and shows in PublicApi.txt");
    }
}
