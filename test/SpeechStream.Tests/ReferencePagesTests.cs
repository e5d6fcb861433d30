using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using SpeechStream.Protocol;
using SpeechStream.Protocol.Nls;
using SpeechStream.Tests.Diagnostics;

namespace SpeechStream.Tests;

/// <summary>The tables beside the library's sources name everything there is.</summary>
public sealed partial class ReferencePagesTests
{
    [Fact]
    public void Every_event_and_member_is_in_the_table_of_events()
    {
        var types = typeof(TranscriptionEvent).Assembly.GetTypes().Where(type => type.BaseType == typeof(TranscriptionEvent)).ToList();

        Page("reference.md").Should().ContainAll(types.Select(Quoted)).And.ContainAll(types.SelectMany(OwnProperties));
    }

    [Fact]
    public void Every_setting_of_a_session_is_in_its_table() =>
        Page("reference.md").Should().ContainAll(OwnProperties(typeof(TranscriptionOptions)));

    [Fact]
    public void Every_setting_of_a_client_is_in_its_table() =>
        Page("reference.md").Should().ContainAll(OwnProperties(typeof(SpeechStreamClientOptions)));

    [Fact]
    public void Every_log_message_is_in_the_table_of_logs()
    {
        var messages = typeof(SpeechStream.Diagnostics.Log).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>();
        var rows = Rows("operations.md").SelectMany(cells => cells[1].Split(", ").Select(id => (Id: id, Level: cells[2]))).ToList();

        messages.Should().OnlyContain(message => rows.Contains(new(message.EventId.ToString(), message.Level.ToString())));
    }

    [Fact]
    public void Every_instrument_is_in_the_table_of_metrics()
    {
        using var measured = new Measurements("nobody.example");

        foreach (var (name, unit) in measured.Units)
        {
            Page("operations.md").Should().MatchRegex($@"\| `{name}` \| [a-z-]+( counter)? \| `{Regex.Escape(unit!)}` \|");
        }
    }

    [Fact]
    public void The_table_of_status_codes_has_every_code() =>
        StatusRows().Select(row => row.Code).Should().BeEquivalentTo(StatusCodes.Table.Select(status => status.Code));

    [Fact]
    public void The_table_of_status_codes_says_what_the_session_does() =>
        StatusRows().Should().OnlyContain(row => row.Again.StartsWith(Again(StatusCodes.Of(row.Code).Retry), StringComparison.Ordinal));

    [Theory]
    [InlineData("PROTOCOL", "Nls")]
    [InlineData("DASHSCOPE", "DashScope")]
    public void Every_section_of_a_protocol_that_the_code_cites_exists(string name, string folder)
    {
        var sections = SectionHeading().Matches(Page($"Protocol/{folder}/PROTOCOL.md")).Select(heading => heading.Groups[1].Value).ToList();
        var cited = Citation().Matches(Library()).Where(citation => citation.Groups[1].Value == name).Select(citation => citation.Groups[2].Value).ToList();

        cited.Should().HaveCountGreaterThan(10);
        cited.Should().BeSubsetOf(sections);
    }

    [Fact]
    public void The_page_about_production_names_only_what_exists()
    {
        var page = Page("production.md");
        var sections = new[] { (Name: "PROTOCOL", Folder: "Nls"), (Name: "DASHSCOPE", Folder: "DashScope") }
            .SelectMany(source => SectionHeading().Matches(Page($"Protocol/{source.Folder}/PROTOCOL.md")).Select(heading => $"{source.Name} {heading.Groups[1].Value}"));
        var cited = SourceList().Matches(page).SelectMany(list => list.Groups[2].Value.Split(", ").Select(section => $"{list.Groups[1].Value} {section}")).ToList();
        var types = typeof(SpeechStreamClient).Assembly.GetExportedTypes();
        var members = Member().Matches(page).Select(member => (Type: member.Groups[1].Value, Name: member.Groups[2].Value)).ToList();

        cited.Should().HaveCountGreaterThan(20).And.BeSubsetOf(sections);
        Page("operations.md").Should().ContainAll(Instrument().Matches(page).Select(instrument => instrument.Value));
        members.Should().HaveCountGreaterThan(5).And.OnlyContain(member => types.Single(type => type.Name == member.Type).GetMember(member.Name).Length > 0);
    }

    [Fact]
    public void The_table_of_errors_quotes_only_existing_messages()
    {
        // Those of options are put together of a name and a value.
        var parts = QuotedErrors().Where(quote => !quote.StartsWith("SampleRate is") && !quote.StartsWith("SpeechStream:")).SelectMany(Parts).ToList();

        parts.Should().HaveCountGreaterThan(20);
        parts.Should().OnlyContain(part => Library().Contains(part));
    }

    [Fact]
    public void Every_message_of_an_error_is_in_the_table_of_errors()
    {
        // The names of formats are made as exceptions are.
        var library = string.Concat(SourceTree.Sources("src/SpeechStream").Where(source => Path.GetFileName(source.Path) != "AudioSignature.cs").Select(source => source.Text));
        var messages = ErrorMessage().Matches(library).Select(message => message.Groups[1].Value).ToList();
        var quotes = QuotedErrors().Select(Parts).ToList();

        messages.Should().HaveCountGreaterThan(20);
        messages.Should().OnlyContain(message => quotes.Any(parts => parts.All(message.Contains)));
    }

    [GeneratedRegex(@"^\d{8}(, \d{8})*$")]
    private static partial Regex StatusCell();

    [GeneratedRegex(@"^#+ (\d+(?:\.\d+)?)", RegexOptions.Multiline)]
    private static partial Regex SectionHeading();

    [GeneratedRegex(@"\b(PROTOCOL|DASHSCOPE) (\d+(?:\.\d+)?)")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\b(PROTOCOL|DASHSCOPE) (\d+(?:\.\d+)?(?:, \d+(?:\.\d+)?)*)")]
    private static partial Regex SourceList();

    [GeneratedRegex(@"`speechstream\.[a-z_.]+`")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"`(Speech\w+|SessionSummary|TranscriptionEvent)\.(\w+)`")]
    private static partial Regex Member();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quotation();

    [GeneratedRegex(@"(?:\bnew(?: Speech\w+Exception)?\(|Transient\(|LimitAsync\(\w+, \w+, |message = )\s*\$?""([A-Z{][^""]+ [^""]+)""")]
    private static partial Regex ErrorMessage();

    private static string Library() => string.Concat(SourceTree.Sources("src/SpeechStream").Select(source => source.Text));

    private static IEnumerable<string> QuotedErrors() =>
        Rows("errors.md").SelectMany(cells => Quotation().Matches(cells[1])).Select(quote => quote.Groups[1].Value);

    private static string[] Parts(string quote) => quote.Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string[]> Rows(string page) =>
        Page(page).Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 4);

    // The rows of whole ranges, and of what isn't a failure of a task, aren't of the table in the code.
    private static IEnumerable<(int Code, string Again)> StatusRows() =>
        Rows("errors.md").Where(cells => cells.Length > 5 && StatusCell().IsMatch(cells[1]))
            .SelectMany(cells => cells[1].Split(", ").Select(code => (int.Parse(code), cells[3])));

    private static string Again(Retry retry) => retry == Retry.TooFast ? "slower" : retry.ToString().ToLowerInvariant();

    private static string Quoted(MemberInfo member) => $"`{member.Name}`";

    private static IEnumerable<string> OwnProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(Quoted);

    internal static string Page(string name)
    {
        var folder = typeof(ReferencePagesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Library").Value!;
        return File.ReadAllText(Path.Combine(folder, name));
    }
}
