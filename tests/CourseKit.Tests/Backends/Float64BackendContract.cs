using CourseKit.Backends;
using CourseKit.Backends.Reference;

namespace CourseKit.Tests.Backends;

public class Float64BackendContract : BackendContract
{
    protected override IBackend Create() => new Float64Backend();
}
