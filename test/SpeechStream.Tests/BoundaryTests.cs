using System.Text.RegularExpressions;

namespace SpeechStream.Tests;

/// <summary>Who may know what, read from the sources of the library.</summary>
public sealed partial class BoundaryTests
{
    private const int MostLines = 300;

    // Each occurs in the library's own public types of events and options, which every folder may hand on; the last one is what a function of the
    // caller may throw.
    private static readonly string[] PublicTypes = ["WebSocketCloseStatus", "JsonElement", "JsonNode", "ResiliencePipeline", "ExecutionRejectedException"];

    // Those that each folder of the library may use. Nobody uses Session, and Diagnostics uses nobody: so there is no cycle.
    private static readonly Dictionary<string, string[]> Inward = new()
    {
        ["Session"] = ["Audio", "Protocol", "Transport", "Auth", "Diagnostics"],
        ["Auth"] = ["Protocol", "Transport", "Diagnostics"],
        ["Protocol"] = ["Diagnostics"],
        ["Transport"] = ["Diagnostics"],
        ["Audio"] = ["Diagnostics"],
        ["Diagnostics"] = [],
    };

    [Fact]
    public void Folders_of_the_library_use_each_other_only_inward()
    {
        var uses = Sources().SelectMany(source => FoldersNamedIn(source.Code).Select(used => (User: source.Path.Split('/')[0], Used: used)))
            .Where(use => use.User != use.Used && Inward.TryGetValue(use.User, out var allowed) && !allowed.Contains(use.Used));

        uses.Select(use => $"{use.User} uses {use.Used}").Distinct().Should().BeEmpty();
    }

    [Fact]
    public void Names_and_numbers_of_NLS_are_in_its_own_folder() =>
        Outsiders(@"(?i:X-NLS|AppKey|SpeechTranscriber)|\b[2-5]\d{7}\b", path => KnowsNls(path) || !path.Contains('/') || path.StartsWith("Hosting/", StringComparison.Ordinal))
            .Should().BeEmpty("outside of it only public types, and what binds them to configuration, have such names");

    [Fact]
    public void Only_the_client_and_Auth_choose_NLS() =>
        Outsiders(@"\bProtocol\.Nls\b", path => KnowsNls(path) || path == "SpeechStreamClient.cs").Should().BeEmpty();

    [Fact]
    public void Only_its_own_folder_knows_the_names_of_DashScope() =>
        Outsiders(@"run-task|finish-task|continue-task|task-failed|task-finished|result-generated|sentence_id|\bProtocol\.DashScope\b", path =>
            path.StartsWith("Protocol/DashScope/", StringComparison.Ordinal) || path.StartsWith("Protocol/Nls/", StringComparison.Ordinal) || path == "SpeechStreamClient.cs")
            .Should().BeEmpty();

    [Fact]
    public void No_type_is_longer_than_300_lines_in_all_its_files()
    {
        var types = SourceTree.Sources("src").Concat(SourceTree.Sources("test"))
            .SelectMany(source => PartialTypes().Matches(source.Text).Select(type => (Folder: Path.GetDirectoryName(source.Path), Name: type.Groups[1].Value, source)).Distinct())
            .GroupBy(part => (part.Folder, part.Name), part => part.source.Text.Count(c => c == '\n'));

        types.Where(type => type.Sum() > MostLines).Select(type => type.Key.Name).Should().BeEmpty();
    }

    [Fact]
    public void Only_Transport_knows_web_sockets() =>
        Outsiders(@"\b(?:Client)?WebSocket(?:Exception|Error|State|MessageType|ReceiveResult|Options|Protocol)?\b|HttpMessageInvoker", path => path.StartsWith("Transport/", StringComparison.Ordinal))
            .Should().BeEmpty();

    [Fact]
    public void Only_Protocol_knows_JSON() =>
        Outsiders(
            @"\b(?:JsonSerializer|JsonDocument|JsonObject|JsonArray|JsonValue|JsonException|JsonProperty|JsonTokenType|Utf8JsonReader|Utf8JsonWriter|JsonSerializerContext)\b",
            path => path.StartsWith("Protocol/", StringComparison.Ordinal)).Should().BeEmpty();

    [Fact]
    public void Only_Connecting_knows_Polly() =>
        Outsiders(@"\b(?:ResiliencePipelineBuilder|ResilienceContext\w*|RetryStrategyOptions|TimeoutRejectedException|DelayBackoffType|Polly\.Retry|Polly\.Timeout)\b", path => path.StartsWith("Session/Connecting/", StringComparison.Ordinal))
            .Should().BeEmpty();

    [Fact]
    public void Only_Auth_knows_the_HTTP_client() =>
        Outsiders(@"\bHttpClient\b(?!\.DefaultProxy)", path => path.StartsWith("Auth/", StringComparison.Ordinal)).Should().BeEmpty();

    [Theory]
    [InlineData("System.Net.WebSockets", "Transport/")]
    [InlineData("System.Text.Json", "Protocol/")]
    [InlineData("Polly", "Session/Connecting/")]
    public void Elsewhere_a_namespace_is_named_only_for_a_public_type(string name, string owner)
    {
        var importers = Sources().Where(source => Regex.IsMatch(source.Code, $@"^using {Regex.Escape(name)}[\w.]*;", RegexOptions.Multiline));
        var unexplained = importers.Where(source =>
            !source.Path.StartsWith(owner, StringComparison.Ordinal) && !PublicTypes.Any(type => Regex.IsMatch(source.Code, $@"\b{type}\b")));

        unexplained.Select(source => source.Path).Should().BeEmpty();
    }

    [Fact]
    public void No_folder_or_file_is_called_common_utils_helpers_or_manager()
    {
        string[] parts = ["Common", "Util", "Helper", "Manager"];
        var paths = SourceTree.Sources("src").Select(source => source.Path);

        paths.Where(path => parts.Any(part => path.Contains(part, StringComparison.OrdinalIgnoreCase))).Should().BeEmpty();
    }

    [Fact]
    public void No_type_is_called_common_utils_helper_or_manager()
    {
        var types = typeof(SpeechStreamClient).Assembly.GetTypes().Select(type => type.FullName!).Where(name => name.StartsWith("SpeechStream.", StringComparison.Ordinal));

        types.Where(name => Regex.IsMatch(name, "Common(?!Head)|Utils?|Helper|Manager")).Should().BeEmpty();
    }

    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        var sources = SourceTree.Sources("src").Concat(SourceTree.Sources("test")).Select(source => (source.Path, Lines: source.Text.Count(c => c == '\n')));

        sources.Where(source => source.Lines > MostLines).Should().BeEmpty();
    }

    [Fact]
    public void No_await_in_the_library_returns_to_its_context()
    {
        // The compiler's own check (CA2007) sees everything but await foreach over a configured call.
        Outsiders(@"ConfigureAwait\(true\)", _ => false).Should().BeEmpty();
    }

    [Fact]
    public void Nothing_in_the_library_blocks_or_is_async_void() =>
        Outsiders(@"\basync void\b|\.Wait\(\)|Thread\.Sleep|Task\.Delay", _ => false).Should().BeEmpty();

    [Fact]
    public void The_gateway_shares_no_code_with_the_library()
    {
        var project = File.ReadAllText(Path.Combine(SourceTree.Root, "src/SpeechStream.Gateway/SpeechStream.Gateway.csproj"));

        project.Should().NotContain("<ProjectReference").And.NotContain("<Compile", "a mistake that both make shows in no test of the one against the other");
    }

    [Fact]
    public void Connections_of_the_gateway_know_no_single_recognizer()
    {
        var others = SourceTree.Sources("src/SpeechStream.Gateway").Where(source => source.Path != "Recognizer.cs" && !source.Path.StartsWith("Recognizers/", StringComparison.Ordinal));

        others.Where(source => Regex.IsMatch(source.Text, @"\bRecognizers\.\w")).Select(source => source.Path).Should().BeEmpty("a script, too, has only the behavior that every recognizer may have");
    }

    [Fact]
    public void Connections_and_recognizers_of_the_gateway_know_no_single_service()
    {
        string[] shared = ["Audio/", "Connections/", "Hosting/", "Recognizers/"];
        var sources = SourceTree.Sources("src/SpeechStream.Gateway").Where(source => shared.Any(folder => source.Path.StartsWith(folder, StringComparison.Ordinal)));

        sources.Where(source => Regex.IsMatch(CommentLines().Replace(source.Text, ""), @"Protocol\.(?:Nls|DashScope)|\b[45]\d{7}\b|""(?:\w+-task|task-\w+|Transcription\w+|SentenceBegin|SentenceEnd)"""))
            .Select(source => source.Path).Should().BeEmpty("names and codes of a service are in its own folder of Protocol");
    }

    [Fact]
    public void Tests_of_units_and_of_the_gateway_do_not_wait_in_real_time()
    {
        var tests = SourceTree.Sources("test/SpeechStream.Tests").Concat(SourceTree.Sources("test/SpeechStream.Gateway.Tests"));

        tests.Where(source => Regex.IsMatch(source.Text, @"Task\.Delay\((?!Timeout\.Infinite)|Thread\.Sleep")).Select(source => source.Path).Should().BeEmpty();
    }

    [GeneratedRegex(@"^\s*///?.*$", RegexOptions.Multiline)]
    private static partial Regex CommentLines();

    [GeneratedRegex(@"^(?:using SpeechStream\.(\w+)|.*?(?<![\w.])(?:SpeechStream\.)?(Audio|Session|Protocol|Transport|Auth|Diagnostics|Hosting)\.[A-Z])", RegexOptions.Multiline)]
    private static partial Regex FolderNames();

    [GeneratedRegex(@"\bpartial (?:class|struct|interface|record(?: class| struct)?) (\w+)")]
    private static partial Regex PartialTypes();

    private static IEnumerable<string> FoldersNamedIn(string code) => FolderNames().Matches(code).Select(name => name.Groups[1].Value + name.Groups[2].Value);

    private static bool KnowsNls(string path) => path.StartsWith("Protocol/Nls/", StringComparison.Ordinal) || path.StartsWith("Auth/", StringComparison.Ordinal);

    private static IEnumerable<(string Path, string Code)> Sources() =>
        SourceTree.Sources("src/SpeechStream").Select(source => (source.Path, CommentLines().Replace(source.Text, "")));

    private static List<string> Outsiders(string pattern, Func<string, bool> mayUse) =>
        [.. Sources().Where(source => !mayUse(source.Path) && Regex.IsMatch(source.Code, pattern)).Select(source => source.Path)];
}
