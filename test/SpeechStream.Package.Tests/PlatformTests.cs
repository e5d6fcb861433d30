using System.Reflection;
using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;

namespace SpeechStream.Package.Tests;

public sealed class PlatformTests
{
    /// <summary>A browser opens the sockets itself and takes no handler, so a client can't be made there: the compiler warns whoever builds for one.</summary>
    [Fact]
    public void All_that_makes_a_client_is_marked_as_unsupported_in_browsers()
    {
        MemberInfo[] makers = [.. typeof(SpeechStreamClient).GetConstructors(), typeof(SpeechStreamServiceCollectionExtensions)];

        makers.Should().HaveCount(2).And
            .OnlyContain(maker => maker.GetCustomAttributes<UnsupportedOSPlatformAttribute>().Any(platform => platform.PlatformName == "browser"));
    }
}
