using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SpeechStream.Fleet.Tests.Work;

public sealed partial class ReadmeTests
{
    private static string Page(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name)).ReplaceLineEndings("\n");

    [Fact]
    public void The_snippets_of_the_readme_are_the_ones_that_are_compiled() =>
        Page("Readme.cs").Should().ContainAll(Snippets().Matches(Page("README.md")).Select(snippet => snippet.Groups[1].Value)).And.Contain("RunWorkerAsync");

    [Fact]
    public async Task The_snippet_for_live_streams_runs()
    {
        await using var fixture = await WorkerFixture.StartAsync();
        await using var client = new SpeechStreamClient(new() { AppKey = "any", Credential = SpeechCredential.FromToken("any"), Endpoint = fixture.Gateway.Endpoint });

        await Readme.Live(fixture.Fleet, client, new MemoryStream(Sound.Samples(1, 1)), TestContext.Current.CancellationToken);

        fixture.Gateway.StartedTasks.Should().Be(1);
        (await fixture.Fleet.StatusAsync()).Live.Should().Be(0);
    }

    [Fact]
    public void The_snippet_for_hosts_registers_a_worker()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["ConnectionStrings:Fleet"] = "postgres://127.0.0.1:1/base";

        Readme.Host(builder);

        builder.Services.Should().Contain(service => service.ServiceType == typeof(SpeechFleet));
    }

    [Fact]
    public void Every_setting_and_instrument_is_described()
    {
        var pages = Page("README.md") + Page("operators.md");
        var settings = typeof(FleetSettings).GetProperties().Select(setting => setting.Name);

        pages.Should().ContainAll("speechstream.fleet.jobs", "speechstream.fleet.places", "speechstream.fleet.finals", "speechstream.fleet.redeliveries", "speechstream.fleet.state.duration");
        settings.Where(setting => !pages.Contains(setting, StringComparison.Ordinal) && !pages.Contains(Hyphens().Replace(setting, "-$1").ToLowerInvariant(), StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippets();

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex Hyphens();
}
