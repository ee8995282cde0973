#include "base/base.h"

#include "tested.h"

#define TEST "def test_x(code, spark, place, monkeypatch, tmp_path):\n"
#define MADE "code.transform_orders(spark.range(1), spark.range(1))"
/* A test that has nothing wrong. */
#define GOOD                                                                   \
	"def test_good(code, spark):\n    assert " MADE ".count() == 1\n\n\n"
#define FINE "    assert " MADE ".count() == 1\n"
#define LOAD "    code.load_orders()\n" FINE
#define SET "    monkeypatch.setattr(code, 'TARGET_ORDERS', place('table'))\n"
#define TARGET                                                                 \
	"@pytest.fixture\ndef target(code, place, monkeypatch):\n" SET "\n\n"
#define REMOVES "tmpdir.join('/home/u/x', abs=True).remove()\n"

const struct refused shaped_tests[] = {
    /* What pytest runs by its name. */
    {GOOD "test_y = lambda tmpdir: " REMOVES, "G108"},
    {GOOD "def helper(tmpdir):\n    " REMOVES "\n\ntest_y = helper\n", "G108"},
    {GOOD "def helper(tmpdir):\n    " REMOVES "\n\na, test_y = 1, helper\n",
        "G108"},
    {GOOD "def helper(tmpdir):\n    " REMOVES
          "\n\nfor test_y in [helper]:\n    pass\n",
        "G108"},
    {GOOD "def helper(tmpdir):\n    " REMOVES "\n\nprint(test_y := helper)\n",
        "G108"},
    {GOOD "def helper(tmpdir):\n    " REMOVES
          "\n\ndef make():\n    global test_y\n    test_y = helper\n",
        "G108"},
    {GOOD "if True:\n    def test_y(tmpdir):\n        " REMOVES, "G108"},
    {GOOD "try:\n    def test_y(tmpdir):\n        " REMOVES
          "finally:\n    pass\n",
        "G108"},
    {GOOD "if True:\n    class TestY:\n        def test_y(self, tmpdir):\n"
          "            " REMOVES,
        "G108"},
    {GOOD "import functools\n\n\ndef helper(a, tmpdir):\n    " REMOVES
          "\n\ntest_y = functools.partial(helper, 1)\n",
        "G108"},
    {GOOD "from functools import reduce as test_y\n", "G108"},
    {GOOD "class TestX:\n    test_y = lambda self, tmpdir: " REMOVES, "G108"},
    {GOOD "class TestX:\n    for test_y in [print]:\n        pass\n", "G108"},
    {GOOD "TestX = type('TestX', (), {})\n", "G108"},
    {GOOD "def setup_module(module):\n    module.code.load_orders()\n", "G108"},
    {GOOD "setup_module = print\n", "G108"},
    /* Fixtures that nothing decorates, and marks that are kept. */
    {GOOD "tmp_path = pytest.fixture(lambda: '/mnt/prod')\n\n\n" TEST
          "    spark.range(1).write.save(str(tmp_path))\n" FINE,
        "G108"},
    {GOOD "def where():\n    return '/mnt/prod'\n\n\n"
          "make = pytest.fixture(name='tmp_path')\nkept = make(where)\n",
        "G108"},
    {GOOD "monkeypatch = pytest.fixture(\n"
          "    lambda: SimpleNamespace(setattr=print))\n\n\n" TEST SET LOAD,
        "G108"},
    {GOOD "class TestX:\n    monkeypatch = pytest.fixture(lambda self: 1)\n",
        "G108"},
    {GOOD "fix = [pytest.fixture]\n", "G108"},
    {GOOD "from pytest import fixture\n\n\nfix = fixture\n", "G108"},
    {GOOD "s = pytest.mark.skipif\n"
          "pytestmark = s(\"os.system('id')\", reason='x')\n",
        "G108"},
    {GOOD "pytestmark = pytest.mark.skipif(\"os.system('id')\", reason='x')\n",
        "G108"},
    {GOOD "m = pytest.mark\n", "G108"},
    {GOOD "import pytest\n\n\nkept = pytest\n", "G108"},
    {GOOD "p = pytest.mark.parametrize\n\n\nclass TestX:\n"
          "    pytestmark = p('tmp_path', ['/mnt/prod'])\n",
        "G108"},
    {GOOD "@pytest.mark.parametrize('x', [pytest.param(1,\n"
          "    marks=pytest.mark.skipif('1', reason='x'))])\n"
          "def test_y(code, x):\n    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "@pytest.mark.filterwarnings('error::a.b')\n"
          "def test_y(code):\n    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "def test_y(code):\n    m = pytest.MonkeyPatch()\n"
          "    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "@pytest.mark.parametrize('tmpdir', [1])\n"
          "def test_y(code, tmpdir):\n    assert code.SOURCE_ORDERS\n\n\n"
          "def test_z(code, tmpdir):\n    " REMOVES
          "    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "@pytest.mark.parametrize('request', [SimpleNamespace()])\n"
          "def test_y(code, request):\n    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "@pytest.mark.usefixtures('tmpdir')\n"
          "def test_y(code):\n    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "def staticmethod(f):\n    return print\n\n\n"
          "@staticmethod\ndef helper():\n    pass\n",
        "G108"},
    {GOOD "def dataclass(f):\n    return print\n\n\n"
          "@dataclass\nclass Case:\n    pass\n",
        "G108"},
    {GOOD "@pytest.fixture\ndef tmpdir():\n    return 1\n\n\ntmpdir = 1\n",
        "G107"},
    {GOOD "N = ['x']\nN.append('tmp_path')\n\n\n"
          "@pytest.mark.parametrize(N, [(1, '/mnt/prod')])\n"
          "def test_y(code, x, tmp_path):\n    assert code.SOURCE_ORDERS\n",
        "G108"},
    {GOOD "from dataclasses import dataclass\n\n\n@dataclass\nclass Case:\n"
          "    patch: pytest.MonkeyPatch\n",
        "G108"},
    /* Targets that are not set. */
    {GOOD "@pytest.fixture\ndef self(code, place, monkeypatch):\n" SET
          "\n\nclass TestX:\n    def test_y(self, code):\n"
          "        code.load_orders()\n        assert code\n",
        "G108"},
    {GOOD "@pytest.fixture(autouse=False)\n"
          "def target(code, place, monkeypatch):\n" SET
          "\n\ndef test_y(code, spark):\n" LOAD,
        "G111"},
    {GOOD "YES = 0\n\n\n@pytest.fixture(autouse=YES)\n"
          "def target(code, place, monkeypatch):\n" SET,
        "G108"},
    {GOOD "class TestA:\n    @pytest.fixture(autouse=True)\n"
          "    def target(self, code, place, monkeypatch):\n    " SET
          "\n\ndef test_y(code, spark):\n" LOAD,
        "G108"},
    {TARGET "def test_y(code, spark, *target):\n" LOAD, "G108"},
    {TARGET "def test_y(code, spark, **target):\n" LOAD, "G108"},
    {TARGET "def test_y(code, spark, *\n        target):\n" LOAD, "G108"},
    {TARGET "def test_y(code, spark, target, /):\n" LOAD, "G108"},
    {TARGET "class TestX:\n    def test_y(target, code, spark):\n"
            "        code.load_orders()\n        assert code\n",
        "G108"},
    {TARGET "@pytest.fixture\n@pytest.mark.usefixtures('target')\n"
            "def loaded(code):\n    code.load_orders()\n",
        "G108"},
    {TARGET "@pytest.mark.slow.usefixtures('target')\n"
            "def test_y(code, spark):\n" LOAD,
        "G111"},
    /* Constants that are set back. */
    {TEST SET "    code.TARGET_ORDERS, x = 'hr.private.salaries', 1\n" LOAD,
        "G108"},
    {TEST SET "    (x, [code.TARGET_ORDERS]) = 1, ['hr.private.x']\n" LOAD,
        "G108"},
    {TEST SET "    [*code.TARGET_ORDERS] = 'ab'\n" LOAD, "G108"},
    {TEST SET "    code.TARGET_ORDERS += 'x'\n" LOAD, "G108"},
    {TEST SET "    del code.TARGET_ORDERS\n" LOAD, "G108"},
    {TEST SET "    for code.TARGET_ORDERS, x in [('hr.private.x', 1)]:\n"
              "        pass\n" LOAD,
        "G108"},
    {TEST SET "    [1 for code.TARGET_ORDERS, x in [('hr.x.y', 1)]]\n" LOAD,
        "G108"},
    {TEST SET "    with pytest.raises(ValueError) as (code.TARGET_ORDERS, x):\n"
              "        pass\n" LOAD,
        "G108"},
    {"def put(self, name):\n    self.TARGET_ORDERS = name\n\n\n" TEST SET
     "    put(code, 'hr.private.salaries')\n" LOAD,
        "G108"},
    {"class Helper:\n    def put(self, name):\n"
     "        self.TARGET_ORDERS = name\n\n\n" TEST SET
     "    Helper.put(code, 'hr.private.salaries')\n" LOAD,
        "G108"},
    {"class TestY:\n    def put(self, name):\n"
     "        self.TARGET_ORDERS = name\n\n"
     "    def test_y(self, code, place, monkeypatch):\n    " SET
     "        type(self).put(code, 'hr.private.salaries')\n"
     "        code.load_orders()\n        assert code\n",
        "G108"},
    {"import functools\n\n\n" TEST SET "    "
     "functools.wraps(SimpleNamespace(TARGET_ORDERS='hr.x.y'))(code)\n" LOAD,
        "G108"},
    /* Methods that are handed on. */
    {TEST SET "    words = ['undo']\n    u = monkeypatch.undo\n    u()\n" LOAD,
        "G108"},
    {TEST SET "    words = ['undo']\n    m = monkeypatch\n    u = m.undo\n"
              "    u()\n" LOAD,
        "G108"},
    {TEST "    words = ['write_bytes']\n"
          "    w = (tmp_path / '/home/u/.bashrc').write_bytes\n"
          "    w(b'id')\n" FINE,
        "G108"},
    {TEST "    words = ['write_bytes']\n    folder = tmp_path\n"
          "    w = folder.write_bytes\n    w(b'id')\n" FINE,
        "G108"},
    {"def put(where):\n    words = ['write_bytes']\n"
     "    w = where.write_bytes\n    w(b'id')\n\n\n" TEST
     "    put(tmp_path / 'x')\n" FINE,
        "G108"},
    {"@pytest.fixture\ndef where(tmp_path):\n    return tmp_path / 'x'\n\n\n"
     "def test_x(code, spark, where):\n    words = ['write_bytes']\n"
     "    w = where.write_bytes\n    w(b'id')\n" FINE,
        "G108"},
    {TEST "    r = (tmp_path / 'x').replace\n    r('/tmp/gone')\n" FINE,
        "G108"},
    {TEST "    list(map((tmp_path / 'x').replace, ['/tmp/gone']))\n" FINE,
        "G108"},
    {"KEPT = []\n\n\n" TEST "    KEPT.append(tmp_path)\n" FINE, "G108"},
    {TEST "    x = tmp_path / '/mnt/prod'\n" FINE, "G108"},
    {TEST "    x = tmp_path / '..'\n" FINE, "G108"},
    {TEST "    x = tmp_path.joinpath('/mnt/prod')\n" FINE, "G108"},
    {"@pytest.fixture(params=['a'])\ndef mine(request):\n"
     "    words = ['getfixturevalue']\n"
     "    g = request.getfixturevalue\n    return g('tmpdir')\n\n\n" GOOD,
        "G108"},
    /* A class that does something, and what a name means in it. */
    {"T = 'a.c.orders'\n\n\n" TEST "    class A:\n"
     "        spark.range(1).write.mode('overwrite').saveAsTable(T)\n"
     "        T = place('table')\n" FINE,
        "G108"},
    {"T = 'a.c.orders'\n\n\n" TEST "    class A:\n"
     "        x = spark.range(1).write.mode('overwrite').saveAsTable(T)\n"
     "        T = place('table')\n" FINE,
        "G108"},
    {"T = 'hr.private.x'\n\n\n" TEST "    class A:\n"
     "        def f(self, x=spark.table(T)):\n            return x\n\n"
     "        T = 'mine'\n"
     "    spark.range(1).createOrReplaceTempView('mine')\n" FINE,
        "G108"},
    {GOOD "class A:\n    if True:\n        x = 1\n", "G108"},
    {GOOD "class A(print('x')):\n    pass\n", "G108"},
};
const size_t shaped_tests_count = COUNT_OF(shaped_tests);
