using System.Reflection;
using Microsoft.Extensions.Logging;
using SpeechStream.Tests.Diagnostics;

namespace SpeechStream.Tests;

/// <summary>The tables beside the library's sources name everything there is.</summary>
public sealed class ReferencePagesTests
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
    public void Every_option_of_a_client_is_in_the_readme() =>
        Page("../../README.md").Should().ContainAll(OwnProperties(typeof(SpeechStreamClientOptions)));

    [Fact]
    public void Every_log_message_is_in_the_table_of_logs()
    {
        var messages = typeof(SpeechStream.Diagnostics.Log).GetMethods().Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>();
        var rows = Page("operations.md").Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 4)
            .SelectMany(cells => cells[1].Split(", ").Select(id => (Id: id, Level: cells[2]))).ToList();

        messages.Should().OnlyContain(message => rows.Contains(new(message.EventId.ToString(), message.Level.ToString())));
    }

    [Fact]
    public void Every_instrument_is_in_the_table_of_metrics()
    {
        using var measured = new Measurements("nobody.example");

        foreach (var (name, unit) in measured.Units)
        {
            Page("operations.md").Should().MatchRegex($@"\| `{name}` \| [a-z-]+( counter)? \| `{System.Text.RegularExpressions.Regex.Escape(unit!)}` \|");
        }
    }

    private static string Quoted(MemberInfo member) => $"`{member.Name}`";

    private static IEnumerable<string> OwnProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(Quoted);

    private static string Page(string name)
    {
        var folder = typeof(ReferencePagesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Library").Value!;
        return File.ReadAllText(Path.Combine(folder, name));
    }
}
