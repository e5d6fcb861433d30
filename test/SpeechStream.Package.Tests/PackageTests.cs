using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SpeechStream.Gateway;

namespace SpeechStream.Package.Tests;

public sealed partial class PackageTests(Feed feed) : IClassFixture<Feed>
{
    [Theory]
    [MemberData(nameof(Packages))]
    public async Task A_package_has_an_icon_and_release_notes(string id)
    {
        await using var package = await ZipFile.OpenReadAsync(Path.Combine(feed.Packages, $"{id}.{Feed.Version}.nupkg"));
        var fields = XDocument.Parse(await ReadAsync(package, id + ".nuspec")).Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
        var changes = await ReadAsync(package, "CHANGELOG.md");

        package.GetEntry(fields["icon"].Single())!.Length.Should().BeInRange(100, 10_000);
        fields["releaseNotes"].Should().ContainSingle().Which.ReplaceLineEndings("\n").Should().Be(changes.ReplaceLineEndings("\n").Split("\n## ")[1].Insert(0, "## ").Trim());
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public async Task The_readme_of_a_package_names_pages_that_are_in_the_client_s_package(string id)
    {
        await using var package = await ZipFile.OpenReadAsync(Path.Combine(feed.Packages, $"{id}.{Feed.Version}.nupkg"));
        await using var client = await ZipFile.OpenReadAsync(Path.Combine(feed.Packages, $"SpeechStream.{Feed.Version}.nupkg"));
        var readme = await ReadAsync(package, "README.md");

        // A package site shows a relative link as plain text or as a dead link, and there is no home yet that an absolute one could name.
        readme.Should().NotContain("](").And.Contain("`src/SpeechStream`", "a reader of the repository has no docs folder");
        PageName().Matches(readme).Select(page => page.Value).Should().NotBeEmpty().And.OnlyContain(page => client.GetEntry(page) != null);
    }

    [Fact]
    public async Task The_tool_carries_no_documentation_for_compilers()
    {
        await using var package = await ZipFile.OpenReadAsync(Path.Combine(feed.Packages, $"SpeechStream.Cli.{Feed.Version}.nupkg"));

        package.Entries.Where(entry => entry.Name.StartsWith("SpeechStream", StringComparison.Ordinal) && entry.Name.EndsWith(".xml", StringComparison.Ordinal))
            .Select(entry => entry.FullName).Should().BeEmpty();
    }

    [Theory]
    [InlineData("SpeechStream", "lib/net10.0/SpeechStream.xml")]
    [InlineData("SpeechStream.AspNetCore", "lib/net10.0/SpeechStream.AspNetCore.xml")]
    [InlineData("SpeechStream.Captions", "lib/net10.0/SpeechStream.Captions.xml")]
    [InlineData("SpeechStream.Extensions.AI", "lib/net10.0/SpeechStream.Extensions.AI.xml")]
    [InlineData("SpeechStream.Gateway", "lib/net10.0/SpeechStream.Gateway.xml")]
    [InlineData("SpeechStream.Gateway.PocketSphinx", "lib/net10.0/SpeechStream.Gateway.PocketSphinx.xml")]
    [InlineData("SpeechStream.Media", "lib/net10.0/SpeechStream.Media.xml")]
    [InlineData("SpeechStream.Cli", "tools/net10.0/any/DotnetToolSettings.xml")]
    public async Task A_package_has_its_readme_license_documentation_and_symbols(string id, string documentation)
    {
        await using var package = await ZipFile.OpenReadAsync(Path.Combine(feed.Packages, $"{id}.{Feed.Version}.nupkg"));
        await using var symbols = await ZipFile.OpenReadAsync(Path.Combine(feed.Packages, $"{id}.{Feed.Version}.snupkg"));
        using var manifest = new StreamReader(await package.GetEntry(id + ".nuspec")!.OpenAsync());

        package.Entries.Select(entry => entry.FullName).Should().Contain(["README.md", documentation]);
        var text = await manifest.ReadToEndAsync();
        text.Should().Contain("""<license type="expression">Apache-2.0</license>""").And.Contain("<readme>README.md</readme>");
        if (Path.Exists(Path.Combine(Feed.Metadata("Source"), "../.git")))
        {
            text.Should().MatchRegex("""<repository type="git" (url="[^"]+" )?(branch="[^"]+" )?commit="[0-9a-f]{40}" />""");
        }

        symbols.Entries.Should().Contain(entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_client_depends_on_three_packages_only()
    {
        await using var package = await ZipFile.OpenReadAsync(Path.Combine(feed.Packages, $"SpeechStream.{Feed.Version}.nupkg"));
        using var manifest = new StreamReader(await package.GetEntry("SpeechStream.nuspec")!.OpenAsync());

        var dependencies = XDocument.Parse(await manifest.ReadToEndAsync()).Descendants()
            .Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value);

        dependencies.Should().BeEquivalentTo("Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options.ConfigurationExtensions", "Polly.Core");
    }

    [Fact]
    public async Task A_fresh_project_builds_and_runs_with_the_packages()
    {
        var output = await feed.DotnetAsync("run", "--project", feed.CopyOf("Consumer"));

        output.Should().Contain("The packages work.");
    }

    [Fact]
    public async Task The_program_of_the_adapters_readme_runs_with_the_packages_that_it_names()
    {
        var (copy, audio) = (feed.CopyOf("Adapter"), new byte[64_000]);
        new Random(1).NextBytes(audio);
        await using var gateway = await LocalGateway.StartAsync();
        var readme = await File.ReadAllTextAsync(Path.Combine(Feed.Metadata("Source"), "SpeechStream.Extensions.AI/README.md"));
        var settings = Settings().Matches(readme).Select(match => match.Groups[1].Value).ToList();

        // The program looks for both in the folder where it is started.
        await File.WriteAllBytesAsync(Path.Combine(copy, "../meeting.wav"), audio);
        await File.WriteAllTextAsync(
            Path.Combine(copy, "../appsettings.json"), settings[1].Replace("ws://127.0.0.1:8080/ws/v1", gateway.Endpoint.ToString(), StringComparison.Ordinal));

        var output = await feed.DotnetAsync("run", "--project", copy);

        output.Should().Contain(Recognizer.DigestOf(audio, 16000).Single().Text);
        settings.Should().HaveCount(2);
        settings.Select(json => JsonNode.Parse(json)!["SpeechStream"]).Should().NotContainNulls();
        readme.Should().Contain(await File.ReadAllTextAsync(Path.Combine(copy, "Program.cs"))).And.ContainAll(
            XDocument.Load(Path.Combine(copy, "Adapter.csproj")).Descendants("PackageReference").Select(package => $"dotnet add package {package.Attribute("Include")!.Value}\n"));
    }

    [Fact]
    public async Task The_program_of_the_media_readme_builds_with_the_package_that_it_names()
    {
        var copy = feed.CopyOf("Media");

        await feed.DotnetAsync("build", copy);

        (await File.ReadAllTextAsync(Path.Combine(Feed.Metadata("Source"), "SpeechStream.Media/README.md"))).Should()
            .Contain(await File.ReadAllTextAsync(Path.Combine(copy, "Program.cs"))).And.Contain("dotnet add package SpeechStream.Media\n");
    }

    [Fact]
    public async Task The_program_of_the_web_readme_is_published_with_the_module_of_the_page()
    {
        var copy = feed.CopyOf("Web");

        await feed.DotnetAsync("publish", copy, "-o", Path.Combine(copy, "published"));

        var module = Path.Combine(copy, "published/wwwroot/_content/SpeechStream.AspNetCore");
        Directory.GetFiles(module, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(module, file).Replace('\\', '/')).Should()
            .Contain(["speechstream.js", "speechstream.d.ts", "speechstream/worklet.js"]);
        (await File.ReadAllTextAsync(Path.Combine(Feed.Metadata("Source"), "SpeechStream.AspNetCore/README.md"))).Should()
            .Contain(await File.ReadAllTextAsync(Path.Combine(copy, "Program.cs"))).And.Contain("dotnet add package SpeechStream.AspNetCore\n");
    }

    [Theory]
    [InlineData("PublishTrimmed")]
    [InlineData("PublishAot")]
    public async Task The_tool_installs_and_a_trimmed_or_native_program_transcribes_with_its_gateway(string form)
    {
        Assert.SkipWhen(form == "PublishAot" && !Command.HasLinker(), "No clang or gcc here, which native compilation links with.");
        var (tool, consumer) = (Path.Combine(feed.Packages, "../tool-" + form), feed.CopyOf("Trimmed", form));
        await feed.DotnetAsync("tool", "install", "SpeechStream.Cli", "--tool-path", tool, "--version", Feed.Version);
        await feed.DotnetAsync("publish", consumer, "-r", RuntimeInformation.RuntimeIdentifier, $"-p:{form}=true", "-o", Path.Combine(consumer, "published"));
        await using var gateway = feed.Start(Path.Combine(tool, "speechstream"), "gateway", "--port", "0");
        var endpoint = (await gateway.FirstLineAsync())!.Replace("READY ", "", StringComparison.Ordinal);

        var output = await Command.RunAsync(Path.Combine(consumer, "published", "Trimmed"), [endpoint], new(consumer, []));

        output.Should().Contain("Sentences: 1");
    }

    public static TheoryData<string> Packages =>
        ["SpeechStream", "SpeechStream.AspNetCore", "SpeechStream.Captions", "SpeechStream.Extensions.AI", "SpeechStream.Gateway", "SpeechStream.Gateway.PocketSphinx", "SpeechStream.Media", "SpeechStream.Cli"];

    [GeneratedRegex(@"docs/[\w./-]+\.md")]
    private static partial Regex PageName();

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Settings();

    private static async Task<string> ReadAsync(ZipArchive package, string entry)
    {
        using var reader = new StreamReader(await package.GetEntry(entry)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }
}
