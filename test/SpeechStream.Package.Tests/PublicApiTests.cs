using System.Reflection;

namespace SpeechStream.Package.Tests;

public sealed class PublicApiTests
{
    /// <summary>Set SPEECHSTREAM_UPDATE_API=1 to write the snapshots anew, and look at the difference before it is committed.</summary>
    [Theory]
    [InlineData("SpeechStream")]
    [InlineData("SpeechStream.AspNetCore")]
    [InlineData("SpeechStream.Captions")]
    [InlineData("SpeechStream.Extensions.AI")]
    [InlineData("SpeechStream.Gateway")]
    [InlineData("SpeechStream.Gateway.PocketSphinx")]
    [InlineData("SpeechStream.Media")]
    public void The_public_API_of_a_package_is_the_one_in_its_snapshot(string assembly)
    {
        var snapshot = Path.Combine(Feed.Metadata("Snapshots"), assembly + ".txt");
        var actual = PublicApi.Describe(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable("SPEECHSTREAM_UPDATE_API") is { Length: > 0 })
        {
            File.WriteAllText(snapshot, actual);
        }

        actual.Split('\n').Should().Equal(File.ReadAllText(snapshot).Split('\n'), "a change of the API is made on purpose, and shows in {0}", snapshot);
    }
}
