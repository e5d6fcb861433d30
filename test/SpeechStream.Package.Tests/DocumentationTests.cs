using System.Reflection;
using System.Xml.Linq;

namespace SpeechStream.Package.Tests;

/// <summary>The compiler wants a summary of everything public, and no more than that.</summary>
public sealed class DocumentationTests
{
    [Theory]
    [InlineData("SpeechStream", 20)]
    [InlineData("SpeechStream.AspNetCore", 2)]
    [InlineData("SpeechStream.Captions", 5)]
    [InlineData("SpeechStream.Extensions.AI", 2)]
    [InlineData("SpeechStream.Fleet", 20)]
    [InlineData("SpeechStream.Gateway", 4)]
    [InlineData("SpeechStream.Media", 3)]
    public void Every_parameter_and_result_of_the_public_API_is_documented(string assembly, int least)
    {
        var methods = Assembly.Load(assembly).GetExportedTypes().SelectMany(type => type.GetMembers()).OfType<MethodBase>().Where(method => method.DeclaringType!.Assembly.GetName().Name == assembly)
            .ToLookup(method => $"M:{method.DeclaringType!.FullName}.{method.Name.Replace('.', '#')}");
        var documented = XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly + ".xml")).Descendants("member")
            .Select(member => (Id: member.Attribute("name")!.Value, Member: member))
            .Where(documented => methods.Contains(documented.Id.Split('(')[0])).ToList();

        documented.Should().HaveCountGreaterThanOrEqualTo(least);
        documented.Where(one => one.Member.Element("inheritdoc") is null && HasHole(one.Member, methods[one.Id.Split('(')[0]]))
            .Select(one => one.Id).Should().BeEmpty();
    }

    // Two names mean the same everywhere.
    private static bool HasHole(XElement member, IEnumerable<MethodBase> overloads)
    {
        var described = member.Elements("param").Select(parameter => parameter.Attribute("name")!.Value).ToList();
        var candidates = overloads.Where(method => method.GetParameters().Length == Count(member) && method.Name is not ("ToString" or "Equals")).ToList();
        return candidates.Count > 0 && !candidates.Any(method => method.GetParameters().Select(parameter => parameter.Name).SequenceEqual(described)
            && (method is not MethodInfo { ReturnType: var result } || result == typeof(void) || result == typeof(Task) || result == typeof(ValueTask) || member.Element("returns") is not null));
    }

    // Commas within generic arguments separate no parameters.
    private static int Count(XElement member)
    {
        var id = member.Attribute("name")!.Value;
        var (depth, count) = (0, id.Contains('(') ? 1 : 0);
        foreach (var character in id)
        {
            depth += character switch { '{' => 1, '}' => -1, _ => 0 };
            count += character == ',' && depth == 0 ? 1 : 0;
        }

        return count;
    }
}
