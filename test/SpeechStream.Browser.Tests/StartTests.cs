namespace SpeechStream.Browser.Tests;

/// <summary>How the example starts.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_server_that_cannot_start_says_why_in_a_sentence()
    {
        var (exitCode, _, errors) = await Command.RunAsync(Path.GetTempPath(), "dotnet", ExampleServer.Program, "--recognizer", "no-such-script.json");

        (exitCode, errors).Should().Be((1, $"Could not find file '{Path.Combine(Path.GetTempPath(), "no-such-script.json")}'.{Environment.NewLine}"));
    }

    [Fact]
    public async Task A_published_server_has_its_page_in_whichever_folder_it_is_started()
    {
        var folder = Directory.CreateTempSubdirectory("speechstream-").FullName;
        try
        {
            var (exitCode, output, _) = await Command.RunAsync(
                Path.Combine(ExampleServer.Examples, "LiveCaptions"), "dotnet", "publish", "--no-build", "--configuration", ExampleServer.Configuration, "--output", folder);
            exitCode.Should().Be(0, output);

            await using var server = await ExampleServer.StartAsync(program: Path.Combine(folder, "LiveCaptions.dll"));
            using var client = new HttpClient { BaseAddress = server.Address };
            (await client.GetStringAsync("")).Should().Contain("<title>Live captions</title>");
            (await client.GetStringAsync("_content/SpeechStream.AspNetCore/speechstream.js")).Should().Contain("Microphone");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
