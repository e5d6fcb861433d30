using System.Text.RegularExpressions;
using SpeechStream.Gateway;
using SpeechStream.IntegrationTests.Network;

namespace SpeechStream.IntegrationTests.Readme;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_snippet_of_the_pages_for_users_is_compiled_in_a_test_or_an_example()
    {
        string[] pages = [Path.Combine(Root, "README.md"), .. Files("src", "*.md")];
        var compiled = Files("test", "*.cs").Concat(Files("examples", "*.cs")).Where(file => !file.Contains("NAudioMicrophone", StringComparison.Ordinal))
            .Select(file => Plain(File.ReadAllText(file))).ToList();
        var snippets = pages.SelectMany(page => CodeBlock().Matches(File.ReadAllText(page))).Select(match => Plain(match.Groups[1].Value)).ToList();

        snippets.Should().HaveCountGreaterThan(10);
        snippets.Should().OnlyContain(snippet => compiled.Any(code => code.Contains(snippet, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_snippet_for_tests_of_users_connects() => (await Snippets.Own_tests()).IsLoopback.Should().BeTrue();

    [Fact]
    public async Task The_snippet_with_a_session_of_its_own_runs_to_the_end()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));

        await Snippets.Own_session(client, new MemoryStream(Speech.Noise(0.5))).Within("the snippet to end");
    }

    [Fact]
    public async Task The_snippet_for_callbacks_takes_what_the_microphone_hears()
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var client = new SpeechStreamClient(Speech.OptionsFor(gateway.Endpoint));
        await using var session = await client.StartSessionAsync();
        var microphone = new Microphone();
        Snippets.Callback(microphone, session);
        var audio = Speech.Noise(0.5);

        microphone.Hear(audio);
        await session.StopAsync();

        (await session.Events.ToListAsync()).Finals().Should().Equal(Speech.Expected(audio));
    }

    // Not the path that the compiler writes: deterministic builds write another.
    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "SpeechStream.sln")))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            return folder;
        }
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"));

    private static string Plain(string code) => Whitespace().Replace(code, " ").Trim();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
